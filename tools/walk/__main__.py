"""`make walk`, or `python -m tools.walk [--url …] [--simulator …] [--accounts …]` against a running
server; `--selection` plays the selection of moral models instead, which needs none."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from core.config import Settings
from tools.walk import (
    accounting,
    attending,
    claiming,
    nominating,
    ordering,
    preparing,
    signing_up,
)
from tools.walk.client import WalkFailed, World
from tools.walk.selection import play as selection


def walk(world: World) -> None:
    """Both halves; the good-person half fills the time in which the shifts last."""
    team = preparing.run(world)
    event = signing_up.run(world, team)
    attending.arrive(world, event)
    ordering.run(world, event)
    nominating.run(world)
    day = attending.leave(world, event)
    claiming.run(world, event, day)
    accounting.run(world, event, day)


def main() -> int:
    settings = Settings.from_environment()
    parser = argparse.ArgumentParser(prog="walk", description=__doc__)
    parser.add_argument("--url", default=f"http://127.0.0.1:{settings.port}")
    parser.add_argument("--simulator", default=f"http://127.0.0.1:{settings.wechat_sim_port}")
    parser.add_argument("--accounts", type=Path, default=settings.var_dir / "demo-accounts.json")
    parser.add_argument(
        "--selection", action="store_true", help="the selection, on a database of its own"
    )
    chosen = parser.parse_args()
    if chosen.selection:
        return _ended(selection.walk)
    world = World(chosen.url, chosen.simulator, chosen.accounts)
    try:
        return _ended(lambda: walk(world))
    except (httpx.HTTPError, OSError) as error:
        print(f"\n✗ 连不上服务，请先运行 make run：{error}", file=sys.stderr)
        return 1
    finally:
        world.close()


def _ended(go: Callable[[], None]) -> int:
    """The exit code of a walk, with its last word."""
    try:
        go()
    except WalkFailed as failure:
        print(f"\n✗ 走不通：{failure}", file=sys.stderr)
        return 1
    print("\n✓ 全程走通，每个数字都对得上")
    return 0


if __name__ == "__main__":
    sys.exit(main())
