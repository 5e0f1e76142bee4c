from collections.abc import Mapping

from accounts.templates.accounts import ACCOUNTS
from accounts.templates.honors import HONORS
from accounts.templates.hours import HOURS
from accounts.templates.selection import SELECTION
from accounts.templates.service import SERVICE
from accounts.templates.template import Template

TEMPLATES: Mapping[str, Template] = {**ACCOUNTS, **SERVICE, **HOURS, **SELECTION, **HONORS}
