from collections.abc import Iterator

import pytest

from core.wechat import WeChatClient
from tests.core.wechat_doubles import APPID, SECRET, Connect
from tools.wechat_simulator.server import SimulatorServer
from tools.wechat_simulator.state import Simulator


@pytest.fixture
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer(Simulator(APPID, SECRET)) as running:
        yield running


@pytest.fixture
def connect() -> Iterator[Connect]:
    clients: list[WeChatClient] = []

    def make(base_url: str, **timeouts: float) -> WeChatClient:
        clients.append(WeChatClient(base_url, APPID, SECRET, **timeouts))
        return clients[-1]

    yield make
    for one in clients:
        one.close()


@pytest.fixture
def client(server: SimulatorServer, connect: Connect) -> WeChatClient:
    return connect(server.base_url)
