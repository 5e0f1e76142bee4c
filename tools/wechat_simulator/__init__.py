"""A stand-in for WeChat's server, for development and tests: `python -m tools.wechat_simulator`.

It answers the calls that `core.wechat` makes, as the wire facts describe them (errors with
status 200, JSON as text/plain, codes that work once, tokens that overlap). Under `/_sim` it is
told who signs in, which calls fail and how, and it tells what was sent. It shares no code with
`core.wechat`, so the two can't share a mistake. It lets anybody sign in as anybody: it listens on
loopback only and refuses to start in production.
"""
