"""Certificates: what they say, who may have them, and how anybody verifies them."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from sqlalchemy import func, select

from accounts.models.sites import Site
from accounts.permissions import Role
from core import audit, clock, outbox
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import PageRequest
from core.sheets import SheetFormat
from jobs.exports import make_exports
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.ledger import entry, taken_back
from tests.factories.volunteer import NINE, Scene
from volunteer import papers, printing
from volunteer.errors import CertificateRevoked, NothingToCertify, TooManyCertificates
from volunteer.lifecycles import CertificateStatus
from volunteer.models.certificates import Certificate, CertificateEntry
from volunteer.models.exports import ExportKind
from volunteer.models.hours import HoursEntry, Ledger, SourceType
from volunteer.services import certificate_sheets, certificates, entries, exports, sync_batches

DAY = NINE.date()
AFTER = NINE + timedelta(days=30)
FIRST, LAST = date(2027, 1, 1), date(2027, 5, 31)
ALL = PageRequest(limit=100)
NUMBER = re.compile(r"XC-2027-\d{6}")


def helper(over: Site | None = None) -> Actor:
    return actor_of(person("孙帮办"), grant(Role.HELPER, over=over or site()))


def issued(who: Actor, *, from_day: date = FIRST, to_day: date = LAST) -> Certificate:
    with clock.frozen(AFTER):
        return certificates.issue(who, from_day=from_day, to_day=to_day)


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


@pytest.fixture
def served(scene: Scene) -> Actor:
    """Two mornings with check-in and one entered afterwards."""
    who = make.volunteer("欧阳志愿")
    entry(who, scene, 120)
    entry(who, scene, 90, on=DAY - timedelta(days=7))
    entry(who, scene, 60, ledger=Ledger.HONORARY)
    return who


def told(template: str) -> int:
    query = select(func.count()).where(outbox.Message.dedupe_key.startswith(f"{template}:"))
    return db.session.scalars(query).one()


def test_a_certificate_holds_both_ledgers_apart(served: Actor, scene: Scene) -> None:
    certificate = issued(served)
    assert NUMBER.fullmatch(certificate.number)
    assert len(certificate.check_code) == 32
    assert (certificate.verified_minutes, certificate.honorary_minutes) == (210, 60)
    (line,) = certificate.lines
    assert line["organization_id"] == str(scene.organization_id)
    assert (line["activity"], line["from"], line["to"], line["times"]) == (
        "周六清洁家园",
        "2027-04-24",
        "2027-05-01",
        3,
    )
    query = select(CertificateEntry).where(CertificateEntry.certificate_id == certificate.id)
    assert sorted(e.minutes for e in db.session.scalars(query)) == [60, 90, 120]
    assert certificate.is_self_service


def test_every_recording_unit_is_listed_and_one_can_be_asked_for(served: Actor) -> None:
    other = make.scene(title="助老理发")
    entry(served, other, 30)
    assert [line["activity"] for line in issued(served).lines] == ["周六清洁家园", "助老理发"]
    with clock.frozen(AFTER):
        alone = certificates.issue(
            served, from_day=FIRST, to_day=LAST, organization_id=other.organization_id
        )
    assert [line["activity"] for line in alone.lines] == ["助老理发"]
    assert alone.verified_minutes == 30


def test_both_days_of_the_period_are_inside(served: Actor) -> None:
    assert issued(served, from_day=DAY, to_day=DAY).verified_minutes == 120
    week_before = DAY - timedelta(days=7)
    assert issued(served, from_day=week_before, to_day=DAY).verified_minutes == 210
    assert issued(served, from_day=week_before, to_day=week_before).verified_minutes == 90
    with pytest.raises(NothingToCertify):
        issued(served, from_day=DAY + timedelta(days=1), to_day=DAY + timedelta(days=2))


def test_a_period_ends_by_today(served: Actor) -> None:
    today = AFTER.date()
    assert issued(served, from_day=DAY, to_day=today).verified_minutes == 120
    with pytest.raises(InvalidInput):
        issued(served, from_day=DAY, to_day=today + timedelta(days=1))
    with pytest.raises(InvalidInput):
        issued(served, from_day=DAY, to_day=DAY - timedelta(days=1))


def test_the_same_content_is_certified_once(served: Actor, scene: Scene) -> None:
    first = issued(served)
    assert issued(served).id == first.id
    entry(served, scene, 10)
    second = issued(served)
    assert second.id != first.id
    assert second.number > first.number
    found = certificates.list_own(served, ALL).items
    assert [c.id for c in found] == [second.id, first.id]


def test_whoever_asked_is_told_as_well(served: Actor) -> None:
    assert told("certificate_ready") == 0
    issued(served)
    issued(served)
    assert told("certificate_ready") == 1


def test_so_many_a_day_and_again_tomorrow(served: Actor) -> None:
    periods = [DAY - timedelta(days=n) for n in range(11)]
    for first in periods[: certificates.MOST_A_DAY]:
        issued(served, from_day=first, to_day=DAY)
    with pytest.raises(TooManyCertificates) as refused:
        issued(served, from_day=periods[10], to_day=DAY)
    assert refused.value.retry_after == 15 * 3600 + 1  # it is nine in the morning
    assert issued(served, from_day=periods[0], to_day=DAY).number.endswith("000001")
    with clock.frozen(AFTER + timedelta(hours=15)):
        certificates.issue(served, from_day=periods[10], to_day=DAY)


def test_numbers_begin_again_each_year(served: Actor) -> None:
    assert issued(served).number == "XC-2027-000001"
    new_year = clock.start_of(date(2028, 1, 1))
    for at, number in ((new_year - timedelta(seconds=1), "2027-000002"), (new_year, "2028-000001")):
        with clock.frozen(at):
            made = certificates.issue(served, from_day=DAY, to_day=clock.today())
        assert made.number == f"XC-{number}"


def test_what_was_taken_back_is_not_certified(scene: Scene) -> None:
    who, other = make.volunteer(), make.scene(title="误记的活动")
    less = entry(who, scene, 120)
    entry(who, scene, 30, on=DAY - timedelta(days=1))
    for mistaken in (
        entry(who, other, 60),
        entry(who, scene, 60, on=DAY - timedelta(days=7)),
        entry(who, scene, 60, ledger=Ledger.HONORARY),
    ):
        taken_back(mistaken)
    source = entries.Source(SourceType.DISPUTE, new_id())
    entries.correct(scene.organizer, less, minutes=110, source=source, reason="早走")
    (line,) = issued(who).lines
    assert (line["activity"], line["verified_minutes"]) == ("周六清洁家园", 140)
    assert (line["honorary_minutes"], line["times"]) == (0, 2)
    assert (line["from"], line["to"]) == ((DAY - timedelta(days=1)).isoformat(), DAY.isoformat())


def test_writing_a_correction_revokes_what_rests_on_the_entry(served: Actor, scene: Scene) -> None:
    certificate = issued(served)
    corrected = db.session.scalars(select(HoursEntry).where(HoursEntry.minutes == 120)).one()
    source = entries.Source(SourceType.DISPUTE, new_id())
    entries.correct(scene.organizer, corrected, minutes=90, source=source, reason="时长更正")
    db.session.expire_all()
    assert certificate.status is CertificateStatus.REVOKED


def test_a_correction_revokes_once_and_tells(served: Actor, scene: Scene) -> None:
    certificate = issued(served)
    later = issued(served, from_day=DAY, to_day=DAY)
    earlier = DAY - timedelta(days=7)
    other = issued(served, from_day=earlier, to_day=earlier)
    corrected = db.session.scalars(select(HoursEntry).where(HoursEntry.minutes == 120)).one()
    assert certificates.revoke_resting_on(SYSTEM, corrected, reason="时长更正") == 2
    assert certificates.revoke_resting_on(SYSTEM, corrected, reason="时长更正") == 0
    statuses = {c.number: c.status.value for c in certificates.list_own(served, ALL).items}
    assert statuses == {
        certificate.number: "revoked",
        later.number: "revoked",
        other.number: "issued",
    }
    assert told("certificate_revoked") == 2
    with pytest.raises(CertificateRevoked):
        certificate_sheets._sheet(served, certificate.number)
    verified = certificates.verify(certificate.number, certificate.check_code)
    assert not verified.is_valid
    assert verified.revoked_because == certificates.REVOKED_BECAUSE
    assert issued(served).id != certificate.id


def test_a_helper_serves_people_of_their_sites(served: Actor) -> None:
    by = helper()
    with clock.frozen(AFTER):
        certificate = certificates.issue_for(by, served.id, from_day=FIRST, to_day=LAST)
        assert certificate.issued_by == by.id
        assert certificate.issuer_id == site().id
        assert told("certificate_issued") == 1
        assert certificate_sheets._sheet(served, certificate.number).handler == "孙帮办"
        with pytest.raises(NotFound):
            certificates.issue_for(helper(site("411025")), served.id, from_day=FIRST, to_day=LAST)
        assert certificates.issue(served, from_day=FIRST, to_day=LAST).id == certificate.id


def test_who_may_print(served: Actor) -> None:
    number = issued(served).number
    for actor in (served, helper(), make.staff()):
        assert certificate_sheets._sheet(actor, number).name == "欧阳志愿"
    for stranger in (make.volunteer(), helper(site("411025")), make.staff(site("411025"))):
        with pytest.raises(NotFound):
            certificate_sheets._sheet(stranger, number)
    looks = db.session.scalars(select(audit.Entry).where(audit.Entry.verb == "print")).all()
    assert len(looks) == 2  # of the helper and of the staff


def test_a_wrong_code_finds_nothing(served: Actor) -> None:
    certificate = issued(served)
    grouped = " ".join(re.findall("....", certificate.check_code.upper()))
    for number in (certificate.number, f" {certificate.number.lower()} "):
        assert certificates.verify(number, grouped).is_valid
    for number, code in (
        (certificate.number, "0" * 32),
        (certificate.number, ""),
        (certificate.number, "查验码"),
        ("XC-2027-999999", certificate.check_code),
    ):
        with pytest.raises(NotFound):
            certificates.verify(number, code)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 分钟"),
        (59, "59 分钟"),
        (60, "1 小时"),
        (90, "1 小时 30 分钟"),
        (6001, "100 小时 1 分钟"),
    ],
)
def test_minutes_in_words(minutes: int, words: str) -> None:
    assert papers.in_words(minutes) == words


def test_the_paper_says_all_and_its_code_leads_to_the_verification(
    http: Http, rolled_back: Flask
) -> None:
    with stored(rolled_back):
        scene, who = make.scene(), make.volunteer("欧阳志愿")
        entry(who, scene, 150)
        entry(who, scene, 60, ledger=Ledger.HONORARY)
        number = issued(who).number
    answer = http.as_(who).get(f"/certificates/{number}.pdf")
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert http.as_(who).get(f"/certificates/{number}.pdf").data == answer.data
    assert len(answer.data) < 60_000
    document = pypdfium2.PdfDocument(answer.data)
    page = document[0]
    text = page.get_textpage().get_text_bounded()
    for words in (
        "志愿服务记录证明",
        number,
        "欧阳志愿",
        "2027年1月1日至2027年5月31日",
        "周六清洁家园",
        "文峰社区服务站门口",
        "签到 2 小时 30 分钟",
        "补记 1 小时",
        "占 71%",
        "本人自助开具",
        "尚未报送民政部门",
    ):
        assert words in text, words
    assert re.search(r"4110\*{12}\d[0-9X]", text)
    (code,) = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    url = urlsplit(code.text)
    page.close()
    document.close()
    seen = http.client.get(f"{url.path}?{url.query}")
    assert seen.status_code == 200
    assert seen.headers["Cache-Control"] == "no-store"
    for words in ("真实有效", number, "欧阳**", "2 小时 30 分钟", "1 小时"):
        assert words in seen.get_data(as_text=True), words
    assert "欧阳志愿" not in seen.get_data(as_text=True)
    told = http.get(f"/certificates/{number}/verify?{url.query}")
    assert told.json["is_valid"]  # type: ignore[index]
    assert told.json["name"] == "欧阳**"  # type: ignore[index]


def test_paper_and_answer_tell_what_has_reached_civil_affairs(
    http: Http, rolled_back: Flask
) -> None:
    app = rolled_back
    with stored(app):
        scene, who = make.scene(), make.volunteer("欧阳志愿")
        entry(who, scene, 150)
        number = issued(who).number
        wanted = exports.ExportRequest(
            ExportKind.DECREE67, SheetFormat.CSV, organization_id=scene.organization_id
        )
        exports.unmask(scene.staff, wanted, reason="月度上报")

    def told() -> str:
        with app.app_context():
            document = pypdfium2.PdfDocument(certificate_sheets.render(who, number=number))
        text: str = document[0].get_textpage().get_text_bounded()
        document.close()
        return text

    def reached() -> list[tuple[str, str]]:
        (made,) = http.as_(who).get("/me/certificates").json["items"]  # type: ignore[index]
        return [(unit["organization_id"], unit["sync_status"]) for unit in made["units"]]

    unit = str(scene.organization_id)
    assert "尚未报送" in told()
    assert reached() == [(unit, "pending")]
    make.run(app, make_exports)
    assert "待民政部门接收" in told()
    assert reached() == [(unit, "exported")]
    with stored(app):
        (batch,) = sync_batches.list_visible(scene.staff, ALL).items
        sync_batches.acknowledge(scene.staff, batch.id)
        entry(who, scene, 30)
        later = issued(who)
        answered = later.units
    assert "民政部门已接收" in told()
    assert [unit.sync_status for unit in answered] == ["pending"]
    number = later.number
    assert "尚未报送" in told(), "of a unit with one record left"


def test_a_long_record_goes_over_several_pages() -> None:
    lines = [
        papers.Line(f"第{n // 40}队", f"活动{n}", "魏都区文峰路", "打扫楼道", DAY, DAY, 1, 60, 0)
        for n in range(120)
    ]
    sheet = papers.Sheet(
        "XC-2027-000001", "0" * 32, "张三", "4110************11", DAY, DAY, 7200, 0, lines,
        "许昌市新时代文明实践中心", printing.TITLE, NINE, "https://example.cn/verify/1",
    )  # fmt: skip
    document = pypdfium2.PdfDocument(printing.render(sheet))
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert len(document) > 2
    assert all(f"活动{n}" in text for n in range(120))
    document.close()


def test_the_public_page(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, who = make.scene(), make.volunteer("<b>张")
        made = entry(who, scene, 150)
        certificate = issued(who)
    path, check = f"/verify/{certificate.number}", certificate.check_code
    form = http.client.get(path)
    assert form.status_code == 200
    assert "查验码" in form.get_data(as_text=True)
    wrong = http.client.get(f"{path}?check={'0' * 32}")
    assert wrong.status_code == 404
    assert wrong.content_type.startswith("text/html")
    assert http.client.get(path, query_string={"check": "查验码"}).status_code == 404
    assert "<script" not in http.client.get("/verify/<script>").get_data(as_text=True)
    found = http.client.get(f"{path}?check={check}")
    assert "//" not in found.get_data(as_text=True)  # nothing from elsewhere
    assert "<b>" not in found.get_data(as_text=True)
    assert "default-src 'none'" in found.headers["Content-Security-Policy"]
    with stored(rolled_back):
        certificates.revoke_resting_on(SYSTEM, made, reason="张三的签到有误")
    revoked = http.client.get(f"{path}?check={check}").get_data(as_text=True)
    assert "失效" in revoked
    assert "签到有误" not in revoked


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, who, by = make.scene(), make.volunteer(), helper()
        entry(who, scene, 150)
    body = {"from": "2026-01-01", "to": "2026-11-01"}
    assert http.post("/me/certificates", json=body).status_code == 401
    nothing = http.as_(who).post("/me/certificates", json=body)
    assert (nothing.status_code, nothing.json["code"]) == (409, "nothing_to_certify")  # type: ignore[index]
    with clock.frozen(AFTER):
        body = {"from": "2027-01-01", "to": "2027-05-31"}
        made = http.as_(who).post("/me/certificates", json=body)
        assert made.status_code == 201
        assert made.json is not None
        again = http.as_(by).post(f"/persons/{who.id}/certificates", json=body)
        assert again.status_code == 201
        assert again.json is not None
        assert again.json["number"] == made.json["number"]
    assert made.json["verified_hours"] == "2.5"
    assert made.json["lines"][0]["organization"]
    assert http.as_(who).post(f"/persons/{who.id}/certificates", json=body).status_code == 403
    listed = http.as_(who).get("/me/certificates")
    assert [c["number"] for c in listed.json["items"]] == [made.json["number"]]  # type: ignore[index]
    path = f"/certificates/{made.json['number']}/verify"
    assert http.get(f"{path}?check=0").status_code == 404
    assert http.get(path).status_code == 422
    shown = http.get(f"{path}?check={made.json['check_code']}")
    assert shown.headers["Cache-Control"] == "private, no-cache"
    assert shown.json["verified_minutes"] == 150  # type: ignore[index]
    assert http.as_(by).get(f"/certificates/{made.json['number']}.pdf").status_code == 200
    assert http.as_(who).get("/certificates/XC-2027-999999.pdf").status_code == 404
    assert CertificateStatus.ISSUED.value == shown.json["status"]  # type: ignore[index]
