"""Commands for operators, each a thin caller of a service: `flask reference`, `flask demo` …"""
