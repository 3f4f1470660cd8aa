"""``./dev access``: docs/access.md, made by asking Odoo over HTTP."""

import os
import subprocess
import sys

from devtools import ui
from devtools.places import REPO

TEST = "tests/base/test_access_page.py"


def run():
    """Make the page; what changed in it is for whoever reads the diff."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TEST]
        + ["-k", "test_page_over_http"],
        cwd=REPO,
        env={**os.environ, "NOX_WRITE_ACCESS": "1"},
    )
    if not done.returncode:
        ui.say("docs/access.md is as Odoo answers")
    return done.returncode
