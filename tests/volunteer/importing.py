"""A process that does what is due for imports, and tells its peak memory: for test_large_import."""

import json
import os
import resource
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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    json.dump({"done": done, "peak_bytes": peak}, sys.stdout)


if __name__ == "__main__":
    main()
