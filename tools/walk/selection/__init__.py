"""A whole selection of moral models, from the announcement to a revoked honour.

A public notice takes at least five working days and a selection months, so nobody waits for them
here: the clock of this process is moved on, and the scheduler's jobs are run at every stop. All
else is as people do it: over the HTTP contract, against the app's own WSGI door, on a database of
its own. Every figure is compared with one that the walk reckons itself from the published rules.
"""
