"""Checkpoints: signed when the log has grown, once a size, and co-signed by known witnesses."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from core import clock
from core.config import Settings
from core.db import db
from core.errors import InvalidInput, NotFound
from core.signed_notes import Signer, signer
from jobs.public_logs import write_checkpoints
from jobs.runner import JobContext
from nominations import leaves, merkle
from nominations.errors import LogAbsent
from nominations.lifecycles import CampaignStatus
from nominations.models.campaigns import Campaign
from nominations.models.public_log import PublicLog
from nominations.services import checkpoints, public_log
from tests.conftest import stored
from tests.factories.nominations import campaign

AT = datetime(2027, 5, 10, 2, 3, 4, 5678, tzinfo=UTC)
WITNESS = "witness.example"


def grow(made: Campaign, by: int = 1) -> None:
    body = leaves.transition(str(made.id), verb="test", to="test", hour="2027-05-10T10")
    public_log.append(made.id, [body] * by)


def log_root(made: Campaign) -> bytes:
    found = public_log.frontier(made.id)
    assert found is not None
    return found.root


def test_a_checkpoint_is_a_signed_note_of_size_and_root(ctx: Flask) -> None:
    made = campaign()
    grow(made, 4)
    with clock.frozen(AT):
        assert checkpoints.write(made.id)
    origin = f"127.0.0.1:8000/campaigns/{made.id}"
    root = base64.b64encode(log_root(made)).decode()
    text, _, line = checkpoints.latest(made.id).note.partition("\n\n")
    assert text == f"{origin}\n5\n{root}\ntime 2027-05-10T02:03:04Z"
    assert signer().key(origin).verifies(f"{text}\n", line)


def test_what_has_not_grown_is_not_signed_again(ctx: Flask) -> None:
    made = campaign()
    assert not checkpoints.write(made.id)
    grow(made)
    assert checkpoints.write(made.id)
    assert not checkpoints.write(made.id)
    grow(made)
    assert checkpoints.write(made.id)
    assert checkpoints.latest(made.id).size == 3


def test_the_job_signs_every_log_that_has_grown(rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, still, without = campaign(), campaign(), campaign()
        grow(made)
        grow(still)
        checkpoints.write(still.id)
        values = PublicLog(campaign_id=without.id, size=5, ballots=5, peaks=None)
        db.session.add(values)
    with rolled_back.app_context():
        context = JobContext(rolled_back)
        assert (write_checkpoints(context), context.failures) == (1, 0)
        assert write_checkpoints(context) == 0


def test_a_campaign_without_a_log_says_so(ctx: Flask) -> None:
    with pytest.raises(LogAbsent):
        checkpoints.latest(campaign().id)
    with pytest.raises(NotFound):
        checkpoints.latest(campaign(CampaignStatus.DRAFT).id)


@pytest.fixture
def witness(rolled_back: Flask, monkeypatch: pytest.MonkeyPatch) -> Signer:
    """The machine of another department, whose key is in our configuration."""
    other = Signer(Settings(environment="test", log_key="of the archive", log_name=WITNESS))
    settings = replace(
        rolled_back.extensions["liancheng.settings"], log_witnesses=str(other.key(WITNESS))
    )
    monkeypatch.setitem(rolled_back.extensions, "liancheng.signer", Signer(settings))
    return other


@pytest.fixture
def signed(ctx: Flask, witness: Signer) -> Campaign:
    made = campaign()
    grow(made)
    checkpoints.write(made.id)
    return made


def cosigned(witness: Signer, note: str, name: str = WITNESS) -> str:
    text = note.partition("\n\n")[0] + "\n"
    return f"{text}\n{witness.sign(name, text)}"


def test_a_known_witness_signs_beside_us(signed: Campaign, witness: Signer) -> None:
    note = checkpoints.latest(signed.id).note
    mine = cosigned(witness, note)
    for _ in range(2):
        assert checkpoints.cosign(signed.id, note=mine).witnesses == [WITNESS]
    found = checkpoints.latest(signed.id)
    assert found.note == note + mine.partition("\n\n")[2]
    assert found.witnesses == [WITNESS]


def test_whoever_is_not_known_does_not_sign(signed: Campaign, witness: Signer) -> None:
    note = checkpoints.latest(signed.id).note
    stranger = Signer(Settings(environment="test", log_key="of a stranger"))
    for lines in (
        note,
        cosigned(stranger, note, WITNESS),
        cosigned(witness, note, "elsewhere.example"),
    ):
        with pytest.raises(InvalidInput):
            checkpoints.cosign(signed.id, note=lines)
    assert checkpoints.latest(signed.id).witnesses == []


def test_another_text_is_no_checkpoint_of_ours(signed: Campaign, witness: Signer) -> None:
    note = checkpoints.latest(signed.id).note
    for text in (
        note.replace("\n2\n", "\n3\n", 1),
        note.replace("time 2", "time 3"),
        "words",
        "a\n99999999999999999999\nb\n\n",
        "",
    ):
        with pytest.raises(NotFound):
            checkpoints.cosign(signed.id, note=cosigned(witness, text))
    with pytest.raises(NotFound):
        checkpoints.cosign(campaign().id, note=cosigned(witness, note))


def test_the_command_stores_a_signature(
    rolled_back: Flask, witness: Signer, tmp_path: Path
) -> None:
    with stored(rolled_back):
        made = campaign()
        grow(made)
        checkpoints.write(made.id)
        note = checkpoints.latest(made.id).note
    file = tmp_path / "note"
    runner = rolled_back.test_cli_runner()
    for text, code in ((note, 1), (cosigned(witness, note), 0)):
        file.write_text(text, "utf-8")
        done = runner.invoke(args=["tally", "cosign", str(made.id), str(file)])
        assert done.exit_code == code, done.output
    with stored(rolled_back):
        assert checkpoints.latest(made.id).witnesses == [WITNESS]


def test_the_root_is_that_of_the_leaves(ctx: Flask) -> None:
    made = campaign()
    grow(made, 300)
    checkpoints.write(made.id)
    bodies = [public_log._rules_of(made.id)]
    bodies += [leaves.transition(str(made.id), verb="test", to="test", hour="2027-05-10T10")] * 300
    hashes = (merkle.leaf_hash(leaves.canonical(body)) for body in bodies)
    assert checkpoints.latest(made.id).root == merkle.Frontier().extended(hashes)[0].root
