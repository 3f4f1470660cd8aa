"""Every WARNING, ERROR or CRITICAL in Odoo's log has an explanation, or it fails.

checklog-odoo reads the log; the explanations stand in ``checklog-odoo.cfg``.
"""

import subprocess
import sys

from .places import REPO


def unexplained(text):
    """Lines of a log that nobody has explained, with what belongs to them."""
    done = subprocess.run(
        [sys.executable, "-m", "checklog_odoo", "--no-echo", "--no-err-if-empty"],
        input=text,
        capture_output=True,
        cwd=REPO,
        text=True,
        errors="replace",
    )
    if not done.returncode:
        return []
    _explained, _title, found = done.stdout.partition("errors that caused failure")
    lines = [line for line in found.splitlines()[1:] if line]
    return lines or [f"checklog-odoo failed: {done.stderr}"]
