"""A process that does what is due for imports, and tells its peak memory: for test_large_import."""

import json
import os
import sys
from pathlib import Path

from app import create_app
from core import db
from core.config import Settings
from jobs.imports import process_imports
from jobs.runner import JobContext


def main() -> None:
    settings = Settings(
        environment="test",
        var_dir=Path(sys.argv[1]),
        database_url=os.environ["DATABASE_URL"],
        log_level="WARNING",
    )
    app = create_app(settings)
    with app.app_context():
        done = process_imports(JobContext(app))
    db.dispose(app)
    app.extensions["liancheng.wechat"].close()
    json.dump({"done": done, "peak_bytes": peak_bytes()}, sys.stdout)


def peak_bytes() -> int:
    """Since this program began; getrusage would also tell the peak of the parent before exec."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    main()
