"""How WeChat ranks an account: the real client against the simulator, and odd answers."""

import json

import pytest

from core.wechat import UserRisk, WeChatClient, WeChatRateLimited, WeChatUnavailable
from core.wechat.client import NO_ADDRESS
from tests.core.wechat_doubles import APPID, OPENID, SECRET, calls_to, canned, fail, sign_in
from tools.wechat_simulator.server import SimulatorServer

RISK = "/wxa/getuserriskrank"


@pytest.mark.parametrize("rank", range(5))
def test_a_rank(client: WeChatClient, server: SimulatorServer, rank: int) -> None:
    sign_in(client, server)
    server.simulator.set_rank(OPENID, rank)
    assert client.user_risk(OPENID) is UserRisk(f"rank_{rank}")


def test_an_account_that_was_not_seen_is_suspicious(
    client: WeChatClient, server: SimulatorServer
) -> None:
    assert client.user_risk(OPENID) is UserRisk.NOT_SEEN
    sign_in(client, server)
    assert client.user_risk(OPENID) is UserRisk.RANK_0
    server.simulator.set_rank(OPENID, None)
    assert client.user_risk(OPENID) is UserRisk.NOT_SEEN


def test_a_scan_that_is_not_enabled_says_nothing(
    client: WeChatClient, server: SimulatorServer
) -> None:
    fail(server, RISK, "errcode", errcode=48001, errmsg="api unauthorized")
    assert client.user_risk(OPENID) is UserRisk.UNKNOWN
    assert calls_to(server, RISK) == 1


@pytest.mark.parametrize(
    ("errcode", "error"),
    [(45009, WeChatRateLimited), (61080, WeChatUnavailable), (40003, WeChatUnavailable)],
)
def test_refusals(
    client: WeChatClient, server: SimulatorServer, errcode: int, error: type[Exception]
) -> None:
    fail(server, RISK, "errcode", errcode=errcode, errmsg="no")
    with pytest.raises(error):
        client.user_risk(OPENID)


@pytest.mark.parametrize("answer", [{}, {"risk_rank": "4"}, {"risk_rank": 5}, {"risk_rank": None}])
def test_what_we_do_not_understand_is_unknown(answer: dict[str, object]) -> None:
    with canned(json.dumps({"errcode": 0, **answer})) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        client = WeChatClient(url, APPID, SECRET)
        assert client.user_risk(OPENID) is UserRisk.UNKNOWN
        client.close()
        assert json.loads(server.received)["client_ip"] == NO_ADDRESS
