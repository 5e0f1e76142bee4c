"""Heavy libraries stay out of a process until somebody needs them."""

import subprocess
import sys

import pytest

from core.deferred import Deferred
from tools.processes import ROOT, child_environment

HEAVY = (
    "fpdf",
    "fontTools",
    "PIL",
    "obstore",
    "xlsxwriter",
    "alembic",
    "icalendar",
    "docx",
    "python_calamine",
    "lunar_python",
)


def test_the_application_starts_without_them() -> None:
    program = f"import wsgi, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=child_environment({"LIANCHENG_ENV": "test"}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_what_is_deferred_is_the_module_itself() -> None:
    assert Deferred("json").dumps([1]) == "[1]"
    with pytest.raises(AttributeError):
        _ = Deferred("json").nothing
    with pytest.raises(ModuleNotFoundError):
        _ = Deferred("no_such_module").anything
