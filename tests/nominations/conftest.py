"""Who hands an import in, and the campaign that it goes into."""

import pytest
from flask import Flask

from nominations.lifecycles import CampaignStatus
from nominations.models.campaigns import Campaign
from tests.conftest import stored
from tests.factories.nominations import campaign
from tests.nominations.importing import Office, office


@pytest.fixture
def city(rolled_back: Flask) -> Office:
    with stored(rolled_back):
        return office()


@pytest.fixture
def county(rolled_back: Flask) -> Office:
    with stored(rolled_back):
        return office("411002")


@pytest.fixture
def selection(rolled_back: Flask) -> Campaign:
    with stored(rolled_back):
        return campaign(CampaignStatus.NOMINATING)
