"""A walk through the whole main job over HTTP, as the people who use it: `make walk`.

It plays citizens, an organiser, staff and a reviewer against a running server, through the
WeChat simulator, says each step in plain words with what came back, and ends non-zero if a
number is not what it should be. It waits for the scheduler instead of calling it.
"""
