"""Real servers for tests, for the walk and for the bench."""
