"""The composition root: the only file that knows every package."""

import atexit
import gc
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

import accounts.routes.bindings
import accounts.routes.feedback
import accounts.routes.guardians
import accounts.routes.inbox
import accounts.routes.merges
import accounts.routes.persons
import accounts.routes.registrations
import accounts.routes.roles
import accounts.routes.sessions
import accounts.routes.sites
import accounts.routes.subscriptions
import accounts.routes.wechat
import nominations.routes.approvals
import nominations.routes.attachments
import nominations.routes.ballots
import nominations.routes.benefits
import nominations.routes.campaign_postponements
import nominations.routes.campaigns
import nominations.routes.candidates
import nominations.routes.care_visits
import nominations.routes.channels
import nominations.routes.clues
import nominations.routes.comments
import nominations.routes.confirmations
import nominations.routes.consents
import nominations.routes.consultations
import nominations.routes.deaths
import nominations.routes.departments
import nominations.routes.departures
import nominations.routes.hardship_cases
import nominations.routes.honors
import nominations.routes.imports
import nominations.routes.merging
import nominations.routes.nominations
import nominations.routes.notices
import nominations.routes.objections
import nominations.routes.panel_scores
import nominations.routes.panelists
import nominations.routes.panels
import nominations.routes.public_log
import nominations.routes.reference
import nominations.routes.referrals
import nominations.routes.results
import nominations.routes.rulings
import nominations.routes.screenings
import nominations.routes.stages
import nominations.routes.supports
import nominations.routes.tally
import nominations.routes.texts
import nominations.routes.visits
import nominations.services.campaigns
import nominations.services.channels
import nominations.services.merges
import volunteer.routes.activities
import volunteer.routes.attendance_changes
import volunteer.routes.attendances
import volunteer.routes.backfills
import volunteer.routes.boards
import volunteer.routes.calendars
import volunteer.routes.certificates
import volunteer.routes.check_attempts
import volunteer.routes.closings
import volunteer.routes.counters
import volunteer.routes.deadlines
import volunteer.routes.deputies
import volunteer.routes.disputes
import volunteer.routes.evaluations
import volunteer.routes.exports
import volunteer.routes.flags
import volunteer.routes.holidays
import volunteer.routes.hours
import volunteer.routes.imports
import volunteer.routes.incidents
import volunteer.routes.listings
import volunteer.routes.memberships
import volunteer.routes.notices
import volunteer.routes.occurrences
import volunteer.routes.organizations
import volunteer.routes.postponements
import volunteer.routes.profiles
import volunteer.routes.projects
import volunteer.routes.qualifications
import volunteer.routes.ratings
import volunteer.routes.reference
import volunteer.routes.reports
import volunteer.routes.reviews
import volunteer.routes.roll_entries
import volunteer.routes.rolls
import volunteer.routes.rosters
import volunteer.routes.sanctions
import volunteer.routes.service_boards
import volunteer.routes.service_requests
import volunteer.routes.shifts
import volunteer.routes.signups
import volunteer.routes.stars
import volunteer.routes.statistics
import volunteer.routes.sync_batches
import volunteer.routes.today
import volunteer.routes.verification
import volunteer.services.merges
from accounts.services import merges, refusals, roles, sessions
from cli import commands
from core import clock, db, logs, wechat
from core.actor import Actor, ScopeKind
from core.config import Settings
from core.crypto import Vault
from core.deferred import Deferred
from core.http import caching, docs, health, home, observe, problems
from core.key_store import KeyStore
from core.signed_notes import Signer
from core.storage import Storage
from jobs import runner

flask_migrate = Deferred("flask_migrate")

API = "/api/v1"
MIGRATIONS = str(Path(__file__).parent / "migrations")
SCHEDULER_SILENT_AFTER = timedelta(minutes=2)

BLUEPRINTS = (
    accounts.routes.sessions.blueprint,
    accounts.routes.persons.blueprint,
    accounts.routes.registrations.blueprint,
    accounts.routes.bindings.blueprint,
    accounts.routes.merges.blueprint,
    accounts.routes.guardians.blueprint,
    accounts.routes.inbox.blueprint,
    accounts.routes.subscriptions.blueprint,
    accounts.routes.feedback.blueprint,
    accounts.routes.roles.blueprint,
    accounts.routes.sites.blueprint,
    accounts.routes.wechat.blueprint,
    volunteer.routes.reference.blueprint,
    volunteer.routes.organizations.blueprint,
    volunteer.routes.memberships.blueprint,
    volunteer.routes.profiles.blueprint,
    volunteer.routes.qualifications.blueprint,
    volunteer.routes.projects.blueprint,
    volunteer.routes.listings.blueprint,
    volunteer.routes.activities.blueprint,
    volunteer.routes.deputies.blueprint,
    volunteer.routes.postponements.blueprint,
    volunteer.routes.occurrences.blueprint,
    volunteer.routes.closings.blueprint,
    volunteer.routes.rosters.blueprint,
    volunteer.routes.incidents.blueprint,
    volunteer.routes.shifts.blueprint,
    volunteer.routes.signups.blueprint,
    volunteer.routes.today.blueprint,
    volunteer.routes.calendars.blueprint,
    volunteer.routes.attendances.blueprint,
    volunteer.routes.attendance_changes.blueprint,
    volunteer.routes.check_attempts.blueprint,
    volunteer.routes.rolls.blueprint,
    volunteer.routes.roll_entries.blueprint,
    volunteer.routes.hours.blueprint,
    volunteer.routes.counters.blueprint,
    volunteer.routes.service_boards.blueprint,
    volunteer.routes.service_requests.blueprint,
    volunteer.routes.ratings.blueprint,
    volunteer.routes.reviews.blueprint,
    volunteer.routes.backfills.blueprint,
    volunteer.routes.notices.blueprint,
    volunteer.routes.sanctions.blueprint,
    volunteer.routes.disputes.blueprint,
    volunteer.routes.flags.blueprint,
    volunteer.routes.holidays.blueprint,
    volunteer.routes.deadlines.blueprint,
    volunteer.routes.certificates.blueprint,
    volunteer.routes.stars.blueprint,
    volunteer.routes.evaluations.blueprint,
    volunteer.routes.statistics.blueprint,
    volunteer.routes.reports.blueprint,
    volunteer.routes.boards.blueprint,
    volunteer.routes.exports.blueprint,
    volunteer.routes.imports.blueprint,
    volunteer.routes.sync_batches.blueprint,
    nominations.routes.reference.blueprint,
    nominations.routes.channels.blueprint,
    nominations.routes.campaigns.blueprint,
    nominations.routes.stages.blueprint,
    nominations.routes.campaign_postponements.blueprint,
    nominations.routes.nominations.blueprint,
    nominations.routes.consents.blueprint,
    nominations.routes.deaths.blueprint,
    nominations.routes.departures.blueprint,
    nominations.routes.texts.blueprint,
    nominations.routes.clues.blueprint,
    nominations.routes.merging.blueprint,
    nominations.routes.supports.blueprint,
    nominations.routes.screenings.blueprint,
    nominations.routes.consultations.blueprint,
    nominations.routes.departments.blueprint,
    nominations.routes.visits.blueprint,
    nominations.routes.confirmations.blueprint,
    nominations.routes.attachments.blueprint,
    nominations.routes.candidates.blueprint,
    nominations.routes.comments.blueprint,
    nominations.routes.ballots.blueprint,
    nominations.routes.tally.blueprint,
    nominations.routes.rulings.blueprint,
    nominations.routes.public_log.blueprint,
    nominations.routes.panelists.blueprint,
    nominations.routes.panel_scores.blueprint,
    nominations.routes.panels.blueprint,
    nominations.routes.results.blueprint,
    nominations.routes.notices.blueprint,
    nominations.routes.objections.blueprint,
    nominations.routes.approvals.blueprint,
    nominations.routes.honors.blueprint,
    nominations.routes.imports.blueprint,
    nominations.routes.referrals.blueprint,
    nominations.routes.benefits.blueprint,
    nominations.routes.hardship_cases.blueprint,
    nominations.routes.care_visits.blueprint,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app. Raises SettingsError for a configuration that can't run."""
    settings = settings or Settings.from_environment()
    logs.configure(settings.log_level)
    app = Flask(__name__, static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = 11 * 1024 * 1024
    app.extensions["liancheng.settings"] = settings
    app.extensions["liancheng.vault"] = Vault.from_settings(settings)
    app.extensions["liancheng.storage"] = Storage(settings)
    app.extensions["liancheng.key_store"] = KeyStore(settings)
    app.extensions["liancheng.signer"] = Signer(settings)
    _connect_wechat(app, settings)
    db.init_app(app, settings)
    app.extensions["migrate"] = _Migrations(app)
    app.extensions["liancheng.authenticate"] = sessions.authenticate
    app.extensions["liancheng.seen"] = lambda actor: _note_seen(app, actor)
    app.extensions["liancheng.refusal"] = refusals.explain
    app.extensions[merges.FOLLOWERS] = (
        volunteer.services.merges.follow,
        nominations.services.merges.follow,
    )
    app.extensions[roles.SCOPES] = {
        ScopeKind.CAMPAIGN: nominations.services.campaigns.exists,
        ScopeKind.CHANNEL: nominations.services.channels.exists,
    }
    observe.init_app(app)
    caching.init_app(app)
    problems.init_app(app)
    health.init_app(app, migrations=MIGRATIONS, concerns=_concerns)
    home.init_app(app)
    volunteer.routes.verification.init_app(app)
    _mount(app)
    commands.init_app(app)
    _settle()
    return app


class _Migrations:
    """What flask-migrate keeps in an app, made when a command asks for it: Alembic is a tenth of a
    web worker's memory, and a web worker never migrates."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        flask_migrate.Migrate(self._app, db.db, directory=MIGRATIONS, render_as_batch=True)
        return getattr(self._app.extensions["migrate"], name)


def _settle() -> None:
    """What was made so far lives as long as the process: the collector need not look at it again,
    and may wait for more garbage before it looks (a tenth of the time of a hot request)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _connect_wechat(app: Flask, settings: Settings) -> None:
    client = wechat.WeChatClient(
        settings.wechat_base_url, settings.wechat_appid, settings.wechat_secret
    )
    atexit.register(client.close)
    app.extensions["liancheng.wechat"] = client
    app.extensions["liancheng.wechat_push"] = wechat.PushReceiver(
        settings.wechat_push_token, settings.wechat_push_aes_key, settings.wechat_appid
    )


def _mount(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=API)
    docs.init_app(app, BLUEPRINTS, API)


def _note_seen(app: Flask, actor: Actor) -> None:
    """A staff session in use is touched once a minute, after the request."""
    if sessions.TOUCH_DUE in actor.facts:
        db.atomically(app, lambda: sessions.touch(actor), write=True)


def _concerns() -> list[health.Concern]:
    """What makes the service degraded: a dead job, a silent scheduler."""
    found = [health.Concern("job", name) for name in runner.dead_jobs()]
    last = runner.last_done()
    if last is None or clock.now() - last > SCHEDULER_SILENT_AFTER:
        found.append(health.Concern("scheduler", "silent"))
    return found
