"""What happens when: the requests of the demo, played in the order of time."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from core import clock
from core.db import db


class Script:
    """A queue of requests. What is played may add more, at its own instant or later."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = count()

    def at(self, instant: datetime, request: Callable[[], object]) -> None:
        """Have `request` done at `instant`, after those of the same instant that came before."""
        heapq.heappush(self._waiting, (instant, next(self._order), request))

    def play(self) -> None:
        """Do everything, each with the clock held at its instant, and leave an empty session
        after each, as a door does. All share the caller's transaction."""
        while self._waiting:
            instant, _, request = heapq.heappop(self._waiting)
            with clock.frozen(instant):
                request()
                db.session.flush()
            db.session.expunge_all()
