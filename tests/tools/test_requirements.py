"""The lock files: complete, hashed, and the same on every machine."""

import re
import tomllib

import pytest

from tools.processes import ROOT

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+) \\$", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


def wanted(requirements: list[str]) -> set[str]:
    """Normalised names of direct dependencies."""
    names = (re.split(r"[\[<>=!~; ]", requirement)[0] for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = wanted(project["dependencies"])
    assert direct <= pins("requirements.txt").keys(), "run `make lock`"
    development = wanted(project["optional-dependencies"]["dev"])
    assert direct | development <= pins("requirements-dev.txt").keys(), "run `make lock`"


def test_development_uses_the_runtime_versions() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_name_no_host_and_no_path(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert not re.search(r"://|^-|^/|@", code, re.MULTILINE)
    assert text.count("--hash=sha256:") >= len(pins(name))
