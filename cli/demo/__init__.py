"""Invented data for a trial: organisations, activities, people and campaigns of Xuchang."""
