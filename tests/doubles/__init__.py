"""Real classes that stand in for the world outside."""
