"""The site tree of Xuchang, from the civil-affairs list of places.

The city, a centre in each county, an institute in each township, and the functional zones.
Loading again changes nothing but names that the list changed.
"""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from accounts.models.sites import Site, SiteLevel
from core.db import db
from core.ids import new_id

DIVISIONS = Path(__file__).parent.parent / "xuchang_divisions.json"
MCA = "mca"
"""Ministry of Civil Affairs: six-digit counties, nine-digit townships."""
CITY_UNITS = "city"
"""Management units that the city named itself."""


def load() -> int:
    """Bring the table up to the list; gives the number of sites in it."""
    listed = json.loads(DIVISIONS.read_text(encoding="utf-8"))
    known = {(s.source, s.code): s for s in db.session.scalars(select(Site))}
    city = _put(known, MCA, listed["city"], SiteLevel.CITY, None)
    for county in listed["counties"]:
        center = _put(known, MCA, county, SiteLevel.CENTER, city)
        for township in county["townships"]:
            _put(known, MCA, township, SiteLevel.INSTITUTE, center)
    for zone in listed["functional_zones"]:
        entry = {"code": zone["key"], "name": zone["name"]}
        _put(known, CITY_UNITS, entry, SiteLevel.ZONE, city)
    return len(known)


TITLES = {
    SiteLevel.CITY: "{}新时代文明实践工作指导中心",
    SiteLevel.CENTER: "{}新时代文明实践中心",
    SiteLevel.ZONE: "{}新时代文明实践中心",
    SiteLevel.INSTITUTE: "{}新时代文明实践所",
}


def _put(
    known: dict[tuple[str, str], Site],
    source: str,
    entry: dict[str, Any],
    level: SiteLevel,
    parent: Site | None,
) -> Site:
    site = known.get((source, entry["code"]))
    if site is None:
        site = Site(id=new_id(), source=source, code=entry["code"], level=level)
        db.session.add(site)
        known[source, entry["code"]] = site
    site.division = entry["name"]
    site.name = TITLES[level].format(entry["name"])
    site.parent_id = parent.id if parent else None
    site.path = f"{parent.path if parent else '/'}{entry['code']}/"
    db.session.flush()
    return site
