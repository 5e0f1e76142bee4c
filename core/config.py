"""Settings from the environment: frozen, typed, documented where they are declared.

docs/configuration.md is generated from this class (`flask docs write`), under test.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

PLACEHOLDER = "development-only"
"""Marks a secret that ships with the code: good for a trial, refused in production."""


class SettingsError(Exception):
    """The environment does not make a usable configuration; the message says which variable."""


def _setting(
    env: str, default: Any, doc: str, *, secret: bool = False, own: bool | None = None
) -> Any:
    """`own`: production refuses to start with the default; so it does with that of a secret,
    unless `own` says otherwise."""
    metadata = {"env": env, "doc": doc, "secret": secret, "own": secret if own is None else own}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One attribute a variable. Secrets never appear in `repr`."""

    environment: str = _setting(
        "LIANCHENG_ENV", "development", "`development`, `test` or `production`"
    )
    var_dir: Path = _setting(
        "LIANCHENG_VAR", Path("var"), "folder of the data that the process writes"
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "PostgreSQL URL; empty means SQLite in the data folder",
        secret=True,
    )
    public_url: str = _setting(
        "PUBLIC_URL",
        "http://127.0.0.1:8000",
        "address under which citizens reach the service; it stands in the QR codes of certificates",
        own=True,
    )
    boards: str = _setting(
        "BOARDS", "off", "`on` shows boards of the hours of people who agreed to stand there"
    )
    bind: str = _setting("BIND", "127.0.0.1", "address that the web server listens on")
    port: int = _setting("PORT", 8000, "port of the web server")
    web_workers: int = _setting("WEB_WORKERS", 2, "web server processes")
    web_threads: int = _setting(
        "WEB_THREADS",
        4,
        "threads of each web server process; more only help while calls to WeChat are slow",
    )
    log_level: str = _setting("LOG_LEVEL", "INFO", "level of the JSON log on standard error")
    field_keys: str = _setting(
        "FIELD_KEYS",
        f"1:{PLACEHOLDER}-field-key",
        "keys of the field cipher, `number:secret`, comma-separated; the last one encrypts",
        secret=True,
    )
    index_key: str = _setting(
        "INDEX_KEY", f"{PLACEHOLDER}-index-key", "key of the blind indexes", secret=True
    )
    code_key: str = _setting(
        "CODE_KEY", f"{PLACEHOLDER}-code-key", "key that signs check-in codes", secret=True
    )
    log_key: str = _setting(
        "LOG_KEY",
        f"{PLACEHOLDER}-log-key",
        "key that signs the checkpoints of public logs; another one is another signer",
        secret=True,
    )
    log_name: str = _setting(
        "LOG_NAME",
        "",
        "begins the name of every public log and never changes; empty means the host of PUBLIC_URL",
    )
    log_witnesses: str = _setting(
        "LOG_WITNESSES",
        "",
        "keys that may sign checkpoints beside ours, in the form of C2SP vkeys, comma-separated",
    )
    campaign_keys: str = _setting(
        "CAMPAIGN_KEYS",
        "",
        "folder of the keys behind voters' pseudonyms, never in a backup of the database; "
        "empty means `campaign-keys` in the data folder",
    )
    storage_url: str = _setting(
        "STORAGE_URL",
        "",
        "where pictures and papers are kept, `s3://bucket/prefix`; empty means in the data folder",
    )
    storage_endpoint: str = _setting(
        "STORAGE_ENDPOINT",
        "",
        "address of the S3-compatible service, such as `https://oss.example.cn`; empty means AWS",
    )
    storage_region: str = _setting("STORAGE_REGION", "us-east-1", "region of the bucket")
    storage_access_key: str = _setting(
        "STORAGE_ACCESS_KEY", "", "access key of the bucket", secret=True, own=False
    )
    storage_secret_key: str = _setting(
        "STORAGE_SECRET_KEY", "", "secret key of the bucket", secret=True, own=False
    )
    wechat_base_url: str = _setting(
        "WECHAT_BASE_URL", "http://127.0.0.1:8001", "WeChat server, or its simulator"
    )
    wechat_sim_port: int = _setting("WECHAT_SIM_PORT", 8001, "port of the WeChat simulator")
    wechat_appid: str = _setting("WECHAT_APPID", "wx0000000000000000", "app id of the mini-program")
    wechat_secret: str = _setting(
        "WECHAT_SECRET", f"{PLACEHOLDER}-wechat-secret", "secret of the mini-program", secret=True
    )
    wechat_push_token: str = _setting(
        "WECHAT_PUSH_TOKEN", f"{PLACEHOLDER}-push-token", "token of message push", secret=True
    )
    wechat_push_aes_key: str = _setting(
        "WECHAT_PUSH_AES_KEY",
        "developmentonly0developmentonly0developmen0",
        "EncodingAESKey of message push, 43 characters",
        secret=True,
    )

    wechat_templates: str = _setting(
        "WECHAT_TEMPLATES",
        "",
        "ids of subscribe-message templates, `name=id`, comma-separated; "
        "a name that is not listed stands for itself, which the simulator takes",
    )

    def template_id(self, name: str) -> str:
        """The id that WeChat gave to our template of this name."""
        pairs = (pair.partition("=") for pair in self.wechat_templates.split(",") if pair)
        return {key.strip(): value.strip() for key, _, value in pairs}.get(name, name)

    def __post_init__(self) -> None:
        if self.environment not in ("development", "test", "production"):
            raise SettingsError("LIANCHENG_ENV must be development, test or production")
        if self.boards not in ("on", "off"):
            raise SettingsError("BOARDS must be on or off")
        if self.storage_url:
            self._check_storage()
        if self.environment == "production":
            self._refuse_placeholders()

    def _check_storage(self) -> None:
        if not re.fullmatch(r"s3://[^/\s]+(/\S*)?", self.storage_url):
            raise SettingsError("STORAGE_URL must be empty or s3://bucket/prefix")
        if not (self.storage_access_key and self.storage_secret_key):
            raise SettingsError(
                "STORAGE_URL needs STORAGE_ACCESS_KEY and STORAGE_SECRET_KEY beside it"
            )
        if self.environment == "production" and self.storage_endpoint.startswith("http://"):
            raise SettingsError("production refuses to start: STORAGE_ENDPOINT must be https")

    def _refuse_placeholders(self) -> None:
        bad = [
            f.metadata["env"]
            for f in fields(self)
            if f.metadata["own"]
            and (PLACEHOLDER in getattr(self, f.name) or getattr(self, f.name) == f.default)
        ]
        if bad:
            raise SettingsError(
                "production refuses to start: set your own " + ", ".join(sorted(bad))
            )

    @property
    def is_sqlite(self) -> bool:
        return not self.database_url or self.database_url.startswith("sqlite")

    @property
    def sqlalchemy_url(self) -> str:
        """The database as SQLAlchemy names it; PostgreSQL always through psycopg 3."""
        if not self.database_url:
            return f"sqlite:///{(self.var_dir / 'liancheng.db').resolve()}"
        for prefix in ("postgresql://", "postgres://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    def __repr__(self) -> str:
        shown = (
            f"{f.name}={'***' if f.metadata['secret'] else repr(getattr(self, f.name))}"
            for f in fields(self)
        )
        return f"Settings({', '.join(shown)})"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read every declared variable.

        Raises SettingsError naming the variable that can't be read."""
        environ = os.environ if environ is None else environ
        hints = get_type_hints(cls)
        values: dict[str, Any] = {}
        for f in fields(cls):
            raw = environ.get(f.metadata["env"])
            if raw is None or raw == "":
                continue
            try:
                values[f.name] = hints[f.name](raw)
            except ValueError as error:
                kind = hints[f.name].__name__
                raise SettingsError(f"{f.metadata['env']} is not a valid {kind}") from error
        return cls(**values)
