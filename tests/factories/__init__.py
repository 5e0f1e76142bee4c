"""Objects for tests, each valid by default and made by the services where a rule matters."""
