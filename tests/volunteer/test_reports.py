"""Monthly reports: frozen once; what is corrected later stands in the next one."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.actor import SYSTEM
from core.db import db
from core.errors import NotFound
from core.paging import PageRequest
from jobs.reports import freeze_reports
from tests.conftest import Http, stored
from tests.factories import service_requests as orders
from tests.factories import volunteer as make
from tests.factories.accounts import site
from tests.factories.ledger import entry, present, taken_back
from tests.factories.volunteer import NINE
from volunteer.models.attendances import CheckMethod
from volunteer.models.hours import Ledger, SourceType
from volunteer.models.reports import MonthlyReport
from volunteer.services import evaluations, hours, ratings, reports, service_requests

THIRD_OF_JUNE = clock.start_of(date(2027, 6, 3))
THIRD_OF_JULY = clock.start_of(date(2027, 7, 3))
ALL = PageRequest(limit=100)
WITH_CHECK_INS = ("activities_with_check_ins", "activities_without_check_ins")
NO_CHANNELS = dict.fromkeys((*CheckMethod, *reports.ENTERED), 0)


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2027, 6, 2), "2027-04"),
        (date(2027, 6, 3), "2027-05"),
        (date(2027, 6, 30), "2027-05"),
        (date(2027, 1, 3), "2026-12"),
        (date(2027, 1, 2), "2026-11"),
        (date(2028, 3, 3), "2028-02"),
    ],
)
def test_which_month_is_due(day: date, month: str) -> None:
    for at in (clock.start_of(day), clock.start_of(day + timedelta(days=1)) - timedelta(seconds=1)):
        with clock.frozen(at):
            assert reports._due() == month


def test_a_month_is_frozen_with_its_definitions(ctx: Flask) -> None:
    scene, one, two = make.scene(), make.volunteer(), make.volunteer()
    present(one, scene)
    entry(one, scene, 100)
    entry(two, scene, 50)
    entry(one, scene, 10, on=date(2027, 6, 1))
    hours.tally_batch()
    with clock.frozen(NINE + timedelta(hours=3)):
        evaluations.create(one, scene.activity_id, score=4)
    with clock.frozen(THIRD_OF_JUNE):
        report = reports.freeze(SYSTEM, site("411002").id)
        other = reports.freeze(SYSTEM, site("411025").id)
        assert reports.freeze(SYSTEM, site("411002").id).id == report.id
    assert report.month == "2027-05"
    assert report.figures == {
        "people": 2,
        "verified_times": 2,
        "honorary_times": 0,
        "verified_minutes": 150,
        "honorary_minutes": 0,
        "activities_with_check_ins": 1,
        "activities_without_check_ins": 0,
        "evaluations": 1,
        "score_tenths": 40,
        "channels": NO_CHANNELS | {"code": 1},
        "orders": 0,
        "orders_done": 0,
        "people_served": 0,
        "order_ratings": 0,
        "order_score_tenths": None,
    }
    assert set(report.figures) <= set(report.definitions)
    assert report.definitions_version == reports.DEFINITIONS_VERSION
    assert report.adjustments == []
    assert (other.figures["people"], other.figures["score_tenths"]) == (0, None)


def test_a_later_correction_is_told_once_as_an_adjustment(ctx: Flask) -> None:
    scene, one = make.scene(), make.volunteer()
    served = entry(one, scene, 100)
    hours.tally_batch()
    here = site("411002").id
    with clock.frozen(THIRD_OF_JUNE):
        may = reports.freeze(SYSTEM, here)
    taken_back(served)
    hours.tally_batch()
    with clock.frozen(THIRD_OF_JULY):
        june = reports.freeze(SYSTEM, here)
    with clock.frozen(THIRD_OF_JULY + timedelta(days=31)):
        july = reports.freeze(SYSTEM, here)
    assert june.adjustments == [
        {
            "month": "2027-05",
            "people": -1,
            "verified_times": -1,
            "honorary_times": 0,
            "verified_minutes": -100,
            "honorary_minutes": 0,
        }
    ]
    assert july.adjustments == []
    stored_may = db.session.get_one(MonthlyReport, may.id, populate_existing=True)
    assert stored_may.figures["verified_minutes"] == 100


def test_orders_are_counted_where_they_happened(ctx: Flask) -> None:
    """An order of the last second of May, served and rated in June, belongs to both months."""
    last = clock.start_of(date(2027, 6, 1)) - timedelta(seconds=1)
    with clock.frozen(last):
        office = orders.office()
        made = orders.order(office, starts_at=last)
    with clock.frozen(last + timedelta(seconds=1)):
        service_requests.dispatch(office.staff, made.id, organization_id=office.team.id)
        service_requests.accept(office.team.organizer, made.id)
        service_requests.start(office.team.organizer, made.id)
        service_requests.complete(
            office.team.organizer,
            made.id,
            report="陪同就诊",
            people_served=3,
            served_on=date(2027, 6, 1),
        )
        ratings.rate(office.citizen, made.id, score=4)

    def told(at: datetime) -> list[int | None]:
        with clock.frozen(at):
            figures = reports.freeze(SYSTEM, site("411002").id).figures
        names = ("orders", "orders_done", "people_served", "order_ratings", "order_score_tenths")
        return [figures[name] for name in names]

    assert told(THIRD_OF_JUNE) == [1, 0, 0, 0, None]
    assert told(THIRD_OF_JULY) == [0, 1, 3, 1, 40]


def test_what_was_entered_afterwards_has_its_channel(ctx: Flask) -> None:
    scene, one = make.scene(), make.volunteer()
    entry(one, scene, 60, on=date(2027, 5, 31), source=SourceType.IMPORT)
    entry(one, scene, 60, on=date(2027, 6, 1), source=SourceType.BACKFILL)
    with clock.frozen(THIRD_OF_JUNE):
        may = reports.freeze(SYSTEM, site("411002").id)
    assert may.figures["channels"] == NO_CHANNELS | {"import": 1}


def test_a_month_that_was_missed_is_made_up_for(ctx: Flask) -> None:
    here = site("411002").id
    with clock.frozen(THIRD_OF_JUNE):
        reports.freeze(SYSTEM, here)
    with clock.frozen(THIRD_OF_JULY + timedelta(days=62)):  # nothing ran in July and August
        made = [reports.freeze(SYSTEM, here).month for _ in range(4)]
        assert here not in reports.to_freeze()
    assert made == ["2027-06", "2027-07", "2027-08", "2027-08"]


def test_months_from_before_the_first_report_are_told_when_they_have_figures(ctx: Flask) -> None:
    """What an organisation imports from earlier years stands in one report too."""
    scene, one = make.scene(), make.volunteer()
    here = site("411002").id
    with clock.frozen(THIRD_OF_JUNE):
        assert reports.freeze(SYSTEM, here).adjustments == []
    entry(one, scene, 90, on=date(2024, 2, 29), ledger=Ledger.HONORARY)
    hours.tally_batch()
    with clock.frozen(THIRD_OF_JULY):
        (told,) = reports.freeze(SYSTEM, here).adjustments
    assert (told["month"], told["people"], told["honorary_minutes"]) == ("2024-02", 1, 90)
    with clock.frozen(THIRD_OF_JULY + timedelta(days=31)):
        assert reports.freeze(SYSTEM, here).adjustments == []


def test_the_job_writes_each_report_once(rolled_back: Flask) -> None:
    with clock.frozen(THIRD_OF_JUNE):
        number = make.run(rolled_back, freeze_reports)
        assert number > 5  # the city, its counties and zones
        assert make.run(rolled_back, freeze_reports) == 0
    with clock.frozen(THIRD_OF_JULY - timedelta(seconds=1)):
        assert make.run(rolled_back, freeze_reports) == 0
    with clock.frozen(THIRD_OF_JULY):
        assert make.run(rolled_back, freeze_reports) == number
    with rolled_back.app_context():
        query = select(func.count()).select_from(MonthlyReport)
        assert db.session.scalars(query).one() == 2 * number


def test_staff_read_the_reports_of_their_sites(ctx: Flask) -> None:
    weidu, xiangcheng = site("411002"), site("411025")
    with clock.frozen(THIRD_OF_JUNE):
        report = reports.freeze(SYSTEM, weidu.id)
        reports.freeze(SYSTEM, xiangcheng.id)
    staff, other = make.staff(weidu), make.staff(xiangcheng)
    assert [r.id for r in reports.list_visible(staff, ALL).items] == [report.id]
    assert reports.get(staff, report.id).month == "2027-05"
    everywhere = make.staff(site("411000"))
    listed = reports.list_visible(everywhere, PageRequest(limit=1), month="2027-05")
    assert [r.site_id for r in listed.items] == [weidu.id]
    rest = reports.list_visible(everywhere, PageRequest(listed.next_cursor, 1), month="2027-05")
    assert [r.site_id for r in rest.items] == [xiangcheng.id]
    assert reports.list_visible(everywhere, ALL, month="2027-04").items == []
    with pytest.raises(NotFound):
        reports.get(other, report.id)
    with pytest.raises(NotFound):
        reports.list_visible(other, ALL, site=weidu.id)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        staff, citizen, place = make.staff(site("411002")), make.volunteer(), site("411002").id
        with clock.frozen(THIRD_OF_JUNE):
            report = reports.freeze(SYSTEM, place)
    assert http.as_(citizen).get("/reports/monthly").status_code == 403
    listed = http.as_(staff).get(f"/reports/monthly?site={place}")
    (found,) = listed.json["items"]  # type: ignore[index]
    one = http.as_(staff).get(f"/reports/monthly/{report.id}")
    assert one.json == found
    assert (found["month"], found["figures"]["people"]) == ("2027-05", 0)
    assert found["figures"]["channels"] == NO_CHANNELS
    with stored(rolled_back):
        kept = db.session.get_one(MonthlyReport, report.id).figures
        older = {name: kept[name] for name in (*reports.ADJUSTED, "evaluations", "score_tenths")}
        db.session.add(
            MonthlyReport(
                site_id=place,
                month="2026-01",
                definitions_version="2026-12",
                definitions={},
                figures=older | dict.fromkeys(WITH_CHECK_INS, 0),
                adjustments=[],
                frozen_at=THIRD_OF_JUNE,
            )
        )
    before = http.as_(staff).get("/reports/monthly?month=2026-01").json["items"][0]  # type: ignore[index]
    assert (before["figures"]["channels"], before["figures"]["orders"]) == (None, None)
    assert found["definitions"]["people"].startswith("人数")
