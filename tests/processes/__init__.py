"""The real processes: walked through, killed, and looked at afterwards."""
