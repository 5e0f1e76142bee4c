"""Many threads against one row, each race with a naive twin that shows it without the guard."""
