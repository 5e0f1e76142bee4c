"""What the system does by itself, on a timetable. A job asks what is due and calls a service."""
