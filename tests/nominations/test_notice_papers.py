"""Notices and results as documents, and what becomes public of photos."""

from datetime import timedelta

from flask import Flask

from core import clock
from nominations.lifecycles import CampaignStatus, NominationStatus, NoticeKind
from nominations.models.attachments import AttachmentKind
from nominations.rules import Quota
from nominations.services import campaign_log, checkpoints, results
from tests.conftest import Http, stored
from tests.factories.accounts import person
from tests.factories.attachments import attached
from tests.factories.nominations import campaign, candidate, nomination, supervisor
from tests.factories.notices import MONDAY, noon, opened, proposed, scheduled
from tests.nominations.ranking import WITHHELD, admin, judged, move, with_votes
from tests.nominations.reading import rows_of, words_of

N = NominationStatus


def test_a_notice_on_paper(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, (one, other) = proposed()
        child = nomination(
            made,
            N.PROPOSED,
            category_code="bravery",
            nominee_name="欧阳小勇",
            nominee_born_on=MONDAY.replace(year=MONDAY.year - 12),
        )
        hidden = nomination(made, N.PROPOSED, **WITHHELD, nominee_name="淳于无名")
        notice = opened(made)
        names = one.nominee_name, other.nominee_name, child.nominee_name, hidden.nominee_name
    path = f"/notices/{notice.id}/notice.docx"
    with clock.frozen(noon(MONDAY)):
        answer = http.get(path)
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")
    text = words_of(answer.data)
    assert text.startswith("许昌好人公示\n现将拟表彰人选予以公示，欢迎监督。")
    assert "公示时间：2026年6月1日至2026年6月7日（含当日）。" in text
    assert "受理异议：市文明办 0374-0000000" in text
    assert f"助人为乐（2名）\n{names[0]}（魏都区）\n{names[1]}（魏都区）" in text
    assert "见义勇为（1名）\n欧阳**（魏都区）" in text
    assert "欧阳小勇" not in text
    assert "淳于无名" not in text


def test_a_notice_prints_the_root_of_the_log_when_it_opened(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, _ = proposed()
        with clock.frozen(noon(MONDAY) - timedelta(days=1)):
            campaign_log.note_transition(made, "open_notice")
            then = checkpoints.find(made.id)
        path = f"/notices/{opened(made).id}/notice.docx"
        with clock.frozen(noon(MONDAY)):
            campaign_log.note_transition(made, "conclude")
            later = checkpoints.find(made.id)
    assert then is not None
    assert later is not None
    with clock.frozen(noon(MONDAY)):
        text = words_of(http.get(path).data)
    assert f"共{then.size}条，根哈希值（SHA-256）：{then.printed_root}。" in text
    assert later.printed_root not in text


def test_a_planned_notice_has_no_paper(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, _ = proposed()
        path = f"/notices/{scheduled(made).id}/notice.docx"
    assert http.get(path).status_code == 404


def test_a_notice_shows_the_photo_that_the_public_may_see(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, (one, other) = proposed()
        attached(one, cleared=True)
        attached(one, AttachmentKind.ID_PHOTO)
        attached(other, cleared=True)
        attached(other, AttachmentKind.ID_PHOTO, cleared=True)
        child = nomination(made, N.PROPOSED, nominee_born_on=MONDAY.replace(year=MONDAY.year - 12))
        attached(child, cleared=True)
        notice = opened(made)
        ids = [str(n.id) for n in (one, other, child)]
    with clock.frozen(noon(MONDAY)):
        shown = (http.get(f"/notices/{notice.id}").json or {})["nominees"]
        numbers = {nominee["nomination_id"]: nominee["photo_number"] for nominee in shown}
        assert [numbers[i] for i in ids] == [1, 0, None]
        assert http.get(f"/candidates/{ids[0]}/photos/1").status_code == 200


def test_no_photo_before_candidates_are_public(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign(CampaignStatus.REVIEWING)
        attached(candidate(made), cleared=True)
        notice = opened(made, kind=NoticeKind.CANDIDATES)
    with clock.frozen(noon(MONDAY)):
        (nominee,) = (http.get(f"/notices/{notice.id}").json or {})["nominees"]
    assert nominee["photo_number"] is None


def test_a_result_on_paper_and_as_a_table(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = judged(Quota(total=1, by_category={"helping_others": 2}, by_place={"411002": 3}))
        first, second = with_votes(made, 6, 5)
        nomination(made, N.PROPOSED, **WITHHELD)
        office, other, watch = admin(), admin(), supervisor(made)
        citizen = person()
        result = results.compute(office, made.id, lot_source="次日开奖号码")
        results.deviate(
            office, result.id, nomination_id=second.id, is_selected=True, reason="=增加一名"
        )
    paths = [f"/campaigns/{made.id}/result.{kind}" for kind in ("docx", "xlsx")]
    for path in paths:
        for who in (None, citizen):
            refused = (http.as_(who) if who else http).get(path)
            assert (refused.json or {})["code"] == "result_not_published"
        for insider in (office, watch):
            assert http.as_(insider).get(path).status_code == 200
    assert "尚未确认" in words_of(http.as_(watch).get(paths[0]).data)
    with stored(rolled_back):
        results.fix(other, result.id)
        move(made, CampaignStatus.NOTICING)
    text = words_of(http.get(paths[0]).data)
    for said in (
        "权重：群众评议",
        "同分时依次比较：评委会得分、满分项数、有效票数、公开抽签",
        "名额：共 1 名，助人为乐 2 名，魏都区 3 名",
        "抽签依据：次日开奖号码",
        f"未按规则的决定：{second.nominee_name}（入选：=增加一名）",
        "见义勇为：（依法不公开）",
        first.nominee_name,
    ):
        assert said in text
    heading, one, two, hidden, _, *rules = rows_of(http.get(paths[1]).data)
    table = [dict(zip(heading, row, strict=True)) for row in (one, two, hidden)]
    assert [(t["姓名（名称）"], t["有效票数"], t["是否入选"]) for t in table] == [
        (first.nominee_name, "6", "是"),
        (second.nominee_name, "5", "是"),
        ("（依法不公开）", "", "是"),
    ]
    assert (two[-3], two[-2], two[-1]) == ("否", "总名额已满", "'=增加一名")
    assert ["法定人数", "不需回避的评委的 2/3"] in [row[:2] for row in rules]
