"""Every life cycle of the package."""

from nominations.lifecycles.campaigns import CAMPAIGN
from nominations.lifecycles.cases import NOMINATION
from nominations.lifecycles.decisions import NOTICE, OBJECTION, PANEL, PANELIST, RESULT, RULING
from nominations.lifecycles.honors import CARE_VISIT, HARDSHIP, HONOR, REFERRAL
from nominations.lifecycles.reviews import (
    ATTACHMENT,
    CLUE,
    COMMENT,
    CONFIRMATION,
    CONSENT,
    CONSULTATION,
)

LIFECYCLES = (
    CAMPAIGN,
    NOMINATION,
    CONSENT,
    CLUE,
    CONSULTATION,
    CONFIRMATION,
    ATTACHMENT,
    COMMENT,
    RULING,
    PANEL,
    PANELIST,
    RESULT,
    NOTICE,
    OBJECTION,
    HONOR,
    REFERRAL,
    HARDSHIP,
    CARE_VISIT,
)
