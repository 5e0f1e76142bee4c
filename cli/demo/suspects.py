"""Ballots of the demo that look bought, for two administrators to rule on."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from accounts.services import sessions
from cli.demo.script import Script
from core.wechat import WeChatSession
from nominations.services import ballots, quarantine, tally

ACCOUNTS = 24
EVERY = timedelta(seconds=40)
NETWORK = "123.5.7"


def plan(
    script: Script,
    campaign_id: Callable[[], UUID],
    candidates: Mapping[str, list[UUID]],
    begins: datetime,
) -> None:
    """Accounts of one network that vote one after another for the first candidate of a category,
    from the instant `begins` on; then the jobs count and look."""

    def cast(number: int) -> None:
        session = WeChatSession(f"demo-bought-{number:02d}", unionid=None, session_key="")
        voter = sessions.authenticate(sessions.sign_in_with_wechat(session).token)
        choices = candidates["integrity"][:1]
        ballots.cast(voter, campaign_id(), choices=choices, network=NETWORK)

    def look() -> None:
        while tally.seal(campaign_id()):
            pass
        while quarantine.score(campaign_id()):
            pass

    for number in range(ACCOUNTS):
        script.at(begins + number * EVERY, lambda number=number: cast(number))  # type: ignore[misc]
    script.at(begins + (ACCOUNTS + 1) * EVERY, look)
