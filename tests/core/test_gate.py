"""Turns to write, in order of arrival."""

import threading
import time
from pathlib import Path

import pytest

from core.gate import Gate, GateTimeout


def test_those_who_wait_enter_in_order_of_arrival(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "lock")
    entered: list[int] = []
    gate.enter(timeout=1)

    def wait_for_turn(number: int) -> None:
        gate.enter(timeout=5)
        entered.append(number)
        gate.leave()

    threads = []
    for number in range(8):
        thread = threading.Thread(target=wait_for_turn, args=(number,))
        thread.start()
        threads.append(thread)
        time.sleep(0.02)  # so that the order of arrival is known
    gate.leave()
    for thread in threads:
        thread.join()
    assert entered == list(range(8))


def test_a_turn_that_does_not_come_is_given_up(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "lock")
    gate.enter(timeout=1)
    with pytest.raises(GateTimeout):
        in_other_thread(lambda: gate.enter(timeout=0.05))
    gate.leave()
    gate.enter(timeout=0.05)  # nothing was left behind by the one who gave up
    gate.leave()


def test_two_gates_on_one_file_exclude_each_other(tmp_path: Path) -> None:
    one, other = Gate(tmp_path / "lock"), Gate(tmp_path / "lock")
    one.enter(timeout=1)
    with pytest.raises(GateTimeout):
        other.enter(timeout=0.05)
    one.leave()
    other.enter(timeout=0.5)
    other.leave()


def in_other_thread(work: object) -> None:
    failure: list[BaseException] = []

    def run() -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
