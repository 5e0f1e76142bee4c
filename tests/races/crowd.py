"""A crowd: threads that start together, each with an app context of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from core.db import Base, atomically, db
from core.errors import DomainError


def rush(app: Flask, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every work in a thread and a transaction of its own, all at once; gives what each
    returned or raised, in their order."""
    outcomes: list[Any] = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(number: int, work: Callable[[], Any]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                outcomes[number] = atomically(app, work, write=True)
            except Exception as error:
                outcomes[number] = error
            finally:
                db.session.remove()

    _all(run, works)
    return outcomes


def count(app: Flask, model: type[Base]) -> int:
    with app.app_context():
        query = select(func.count()).select_from(model)
        return atomically(app, lambda: db.session.scalars(query).one(), write=False)


def naive_rush(app: Flask, number: int, read: Callable[[], bool], write: Callable[[], Any]) -> int:
    """The same crowd without the guard: each reads in one transaction whether it may, and writes
    in another, after all have read. Gives how many wrote."""
    wrote: list[int] = []
    barrier = threading.Barrier(number)

    def run(one: int, _work: object) -> None:
        with app.app_context():
            may = atomically(app, read, write=False)
            barrier.wait()
            if may:
                try:
                    atomically(app, write, write=True)
                    wrote.append(one)
                except DomainError:  # a key refused it
                    pass
                finally:
                    db.session.remove()

    _all(run, [read] * number)
    return len(wrote)


def _all(run: Callable[[int, Callable[[], Any]], None], works: Sequence[Callable[[], Any]]) -> None:
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
