"""Random people try random acts in one selection, on random days: whatever they do, no state is
reached by skipping a step, and every end is told.

What must hold is written from the rules (domain/nominations.md), not from the code."""

from typing import ClassVar
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db, violation_of
from core.errors import Conflict, DomainError
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.services import ballots
from tests.nominations import selection_rules as must
from tests.nominations.selection import START, C, N, cast
from tests.nominations.selection_acts import Trying

CITY = ("city", "city2", "city3")
COUNTIES = ("weidu", "weidu2", "changge", "changge2")
STAFF = (*CITY, *COUNTIES)
OFFICE = ("admin", "admin2")
NOMINATORS = ("nominator", "weidu2", "other")
CITIZENS = ("citizen", "voter", "nominator", "other")
PANELISTS = ("panelist", "panelist2", "panelist3")
HANDLERS = (*CITY, *OFFICE)
NOBODY = ("citizen",)

ACTS: dict[str, tuple[str, ...]] = {
    "submit": NOMINATORS,
    "move_elsewhere": NOMINATORS,
    "rewrite": NOMINATORS,
    "ask_consent": (*NOMINATORS, *STAFF),
    "give_consent": NOBODY,
    "record_consent": STAFF,
    "withdraw_consent": NOBODY,
    "pass_": STAFF,
    "send_back": STAFF,
    "reject": STAFF,
    "transfer": STAFF,
    "merge": STAFF,
    "consult": STAFF,
    "answer_consultation": ("consultant",),
    "veto": ("consultant",),
    "record_visit": STAFF,
    "sign_visit": STAFF,
    "clear_text": ("moderator",),
    "refuse_text": ("moderator",),
    "apply_for_confirmation": CITY,
    "confirm": CITY,
    "withhold": CITY,
    "disclose": CITY,
    "admit": CITY,
    "withdraw": NOMINATORS,
    "remove": (*CITY, *OFFICE),
    "record_death": STAFF,
    "continue_posthumously": STAFF,
    "support": CITIZENS,
    "unsupport": CITIZENS,
    "vote": CITIZENS,
    "change_rules": OFFICE,
    "postpone": OFFICE,
    "bring_forward": OFFICE,
    "pause": OFFICE,
    "resume": OFFICE,
    "cancel": OFFICE,
    "open_notice": OFFICE,
    "conclude": OFFICE,
    "sit": (*PANELISTS, "nominator"),
    "unseat": OFFICE,
    "declare": PANELISTS,
    "recuse": PANELISTS,
    "open_judging": OFFICE,
    "score": PANELISTS,
    "close_judging": OFFICE,
    "compute": OFFICE,
    "draw_lot": ("supervisor", *OFFICE),
    "deviate": OFFICE,
    "fix": OFFICE,
    "propose_withheld": OFFICE,
    "plan_notice": OFFICE,
    "extend_notice": OFFICE,
    "withdraw_notice": OFFICE,
    "waive_notice": OFFICE,
    "object": CITIZENS,
    "accept_objection": HANDLERS,
    "not_accept_objection": HANDLERS,
    "verify_objection": HANDLERS,
    "uphold_objection": HANDLERS,
    "dismiss_objection": HANDLERS,
    "approve": OFFICE,
    "honor": OFFICE,
}
"""Who usually tries what; anybody else tries it too."""

ANY_TIME = "withhold disclose record_death continue_posthumously record_consent postpone"
FITTING = {
    C.NOMINATING: f"{ANY_TIME} submit move_elsewhere rewrite ask_consent give_consent pass_ "
    "send_back transfer merge consult answer_consultation record_visit sign_visit clear_text "
    "refuse_text apply_for_confirmation confirm admit support unsupport",
    C.ASSESSING: f"{ANY_TIME} vote sit declare recuse",
    C.JUDGING: f"{ANY_TIME} sit unseat declare recuse open_judging score close_judging compute "
    "draw_lot deviate fix propose_withheld plan_notice waive_notice open_notice",
    C.NOTICING: f"{ANY_TIME} plan_notice extend_notice withdraw_notice waive_notice object "
    "accept_objection not_accept_objection verify_objection uphold_objection dismiss_objection "
    "propose_withheld approve honor conclude",
}
FITTING[C.REVIEWING] = FITTING[C.NOMINATING]
"""What is tried most in each state of the campaign."""

RARE = ("cancel", "reject", "remove", "withdraw", "withdraw_consent", "veto", "pause", "merge")
"""What ends a case or a campaign: seldom, or nothing is left to see the rest."""


OF_A_CASE = {
    N.DRAFT: "submit nominator|submit weidu2|submit other",
    N.SENT_BACK: "submit nominator|submit weidu2|submit other",
    N.SUBMITTED: "pass_ weidu|pass_ changge|pass_ city",
    N.COUNTY_REVIEWED: "pass_ city",
    N.CITY_SHORTLISTED: "consult city|answer_consultation consultant",
    N.CONSULTED: "sign_visit city2|record_visit weidu|record_visit changge",
    N.VISITED: "record_consent city|clear_text moderator|apply_for_confirmation city2|"
    "confirm city2|admit city",
}
JUDGED = "declare panelist|declare panelist2|declare panelist3"
USUAL: dict[CampaignStatus, dict[NominationStatus, str]] = {
    C.NOMINATING: OF_A_CASE,
    C.REVIEWING: OF_A_CASE,
    C.ASSESSING: {N.CANDIDATE: f"vote citizen|vote voter|{JUDGED}"},
    C.JUDGING: {N.CANDIDATE: f"{JUDGED}|score panelist|score panelist2|score panelist3"},
    C.NOTICING: {
        N.CANDIDATE: "propose_withheld admin",
        N.PROPOSED: "waive_notice admin",
        N.ON_NOTICE: "accept_objection city3|approve admin",
        N.SUSPENDED: "verify_objection city3|verify_objection admin2|dismiss_objection admin",
        N.APPROVED: "honor admin",
    },
}
OF_ALL: dict[CampaignStatus, str] = {
    C.ASSESSING: "sit panelist|sit panelist2|sit panelist3",
    C.JUDGING: "open_judging admin|close_judging admin|compute admin|draw_lot supervisor|"
    "fix admin2|plan_notice admin|open_notice admin",
    C.NOTICING: "plan_notice admin|conclude admin",
    C.PAUSED: "resume admin",
}
"""How a selection goes when nobody disturbs it: acts with who does them, in order."""


class Machine(RuleBasedStateMachine):
    """Long ways of many people."""

    begun: ClassVar[Trying]

    @initialize()
    def begin(self) -> None:
        """From where the usual way has led, taken back afterwards."""
        ballots._kept_candidates.clear()
        self.example = db.session.begin_nested()
        self.selection = self.begun.copy()
        self.has_changed = True
        self.said, self.seen = must.latest_message(), must.Seen()

    @rule(days=st.sampled_from([1, 3, 9]))
    def wait(self, days: int) -> None:
        self.selection.wait(days)
        self.has_changed = True

    @rule()
    def go_on(self) -> None:
        go_on(self.selection)
        self.has_changed = True

    @rule(
        act=st.sampled_from(sorted(ACTS)),
        who=st.sampled_from(sorted({*NOBODY, *STAFF, *CITIZENS, *OFFICE, "moderator"})),
        number=st.integers(0, 2),
    )
    def try_anything(self, act: str, who: str, number: int) -> None:
        self.attempt(act, who, self.selection.cases[number])

    @rule(data=st.data(), number=st.integers(0, 2), turn=st.integers(0, 6))
    def do_what_fits(self, data: st.DataObject, number: int, turn: int) -> None:
        """By the first of those whose part it usually is, from `turn` on, who can."""
        status = self.selection.campaign.status
        act = data.draw(st.sampled_from(FITTING.get(status, "resume object honor").split()))
        self.attempt_by_any(act, number, turn)

    @rule(act=st.sampled_from(RARE), number=st.integers(0, 5), turn=st.integers(0, 6))
    def end_something(self, act: str, number: int, turn: int) -> None:
        if number < len(self.selection.cases):
            self.attempt_by_any(act, number, turn)

    def attempt_by_any(self, act: str, number: int, turn: int) -> None:
        people, case = ACTS[act], self.selection.cases[number]
        for n in range(len(people)):
            if attempt(self.selection, act, people[(turn + n) % len(people)], case):
                self.has_changed = True
                return

    def attempt(self, act: str, who: str, case: UUID) -> None:
        self.has_changed |= attempt(self.selection, act, who, case)

    @invariant()
    def everything_holds(self) -> None:
        if not getattr(self, "has_changed", False):
            return
        selection = self.selection
        with clock.frozen(selection.at):
            must.hold(selection)
            self.said = must.name_nobody_withheld(selection, self.seen.withheld, self.said)
            self.seen = must.go_one_way(selection, self.seen)
        self.has_changed = False

    def teardown(self) -> None:
        self.example.rollback()


def attempt(selection: Trying, act: str, who: str, case: UUID) -> bool:
    """Whether it happened. A refusal is a DomainError and leaves nothing behind."""
    try:
        with clock.frozen(selection.at), db.session.begin_nested():
            getattr(selection, act)(selection.people[who], case)
            db.session.flush()
    except DomainError:
        db.session.expire_all()
        return False
    except IntegrityError as error:
        if type(violation_of(error)) is Conflict:
            raise  # a constraint without a name of its own: nobody foresaw this
        db.session.expire_all()
        return False
    return True


def go_on(selection: Trying) -> None:
    """The next act of the usual way; where there is none, time passes."""
    status = selection.campaign.status
    of_all = [(line, selection.cases[0]) for line in OF_ALL.get(status, "").split("|")]
    of_case = [
        (line, case)
        for case in selection.cases
        for line in USUAL.get(status, {}).get(selection.case(case).status, "").split("|")
    ]
    for line, case in (*of_all, *of_case):
        act, _, who = line.partition(" ")
        move = (line, case, selection.case(case).status, status)
        if act and move not in selection.done and attempt(selection, act, who, case):
            selection.done.add(move)
            return
    selection.wait(2)


@pytest.mark.parametrize("acts", [0, 20, 40, 60, 80])
def test_no_step_is_skipped_and_every_end_is_told(ctx: Flask, acts: int) -> None:
    """From after so many acts of the usual way, so that its far end is tried as often as its
    beginning."""
    with clock.frozen(START):
        Machine.begun = Trying(cast())
    for _ in range(acts):
        go_on(Machine.begun)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=4,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_undisturbed_the_usual_way_ends_in_honours(ctx: Flask) -> None:
    """Negative control: the machine's own way reaches every stage that it claims to try."""
    with clock.frozen(START):
        selection = Trying(cast())
    for _ in range(160):
        go_on(selection)
        if selection.campaign.status is C.CONCLUDED:
            break
    with clock.frozen(selection.at):
        must.hold(selection)
    assert selection.campaign.status is C.CONCLUDED
    ends = sorted(selection.case(n).status for n in selection.cases)
    assert ends == [N.HONORED, N.HONORED, N.NOT_SELECTED]
