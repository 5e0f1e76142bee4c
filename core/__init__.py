"""The frame of the house: it knows how a request or a job is served, and no noun of the domain."""
