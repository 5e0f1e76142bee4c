"""People and what they may do: sign-in, real names, consents, sites, roles."""
