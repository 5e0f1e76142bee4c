"""python -m tools.wechat_simulator [--port 8001]"""

import argparse
import logging
import signal
import sys
from threading import Event

from core.config import Settings, SettingsError
from tools.wechat_simulator.server import SimulatorServer
from tools.wechat_simulator.state import Simulator


def main() -> int:
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if settings.environment == "production":
        print("the simulator lets anybody sign in as anybody: not in production", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="python -m tools.wechat_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=settings.wechat_sim_port)
    port = parser.parse_args().port

    logging.basicConfig(level=settings.log_level, format="%(asctime)s simulator %(message)s")
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    simulator = Simulator(
        settings.wechat_appid,
        settings.wechat_secret,
        push_token=settings.wechat_push_token,
        push_aes_key=settings.wechat_push_aes_key,
    )
    with SimulatorServer(simulator, port) as server:
        print(f"WeChat simulator on {server.base_url}", file=sys.stderr, flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
