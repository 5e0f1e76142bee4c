"""Places as people write them in a spreadsheet: 区县, 乡镇街道 and 村社区 by their names."""

from collections.abc import Sequence

from sqlalchemy import select

from accounts.models.sites import Site, SiteLevel
from core.db import db
from nominations.services.places import COUNTY_LEVELS
from volunteer.services.import_kinds import GoodRow, Problem, Values

COUNTY, TOWNSHIP, VILLAGE = "区县", "乡镇街道", "村社区"

STEPS = (
    ("county", COUNTY, COUNTY_LEVELS),
    ("township", TOWNSHIP, (SiteLevel.INSTITUTE,)),
    ("village", VILLAGE, (SiteLevel.STATION, SiteLevel.SPOT)),
)


class Places:
    """The places below an office that the rows of one batch name."""

    def __init__(self, office: Site, rows: Sequence[GoodRow]) -> None:
        names = {row.values[key] for row in rows for key, _, _ in STEPS if row.values.get(key)}
        within = Site.path.startswith(office.path, autoescape=True)
        self._office = office
        self._named = db.session.scalars(select(Site).where(Site.division.in_(names), within)).all()

    def of(self, values: Values) -> Site | Problem:
        """The site of a row: the lowest place that it names, else the office's own."""
        at = self._office
        for key, column, levels in STEPS:
            name = values.get(key)
            if not name:
                continue
            found = [
                site
                for site in self._named
                if site.division == name and site.level in levels and site.path.startswith(at.path)
            ]
            if len(found) > 1:
                return Problem(column, "有几个同名的地方，请同时填写上一级")
            if not found:
                return Problem(column, "没有这个地方，或不在本单位的范围内")
            at = found[0]
        return at
