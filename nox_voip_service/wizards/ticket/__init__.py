"""Dropping and splitting a request, the check of verdicts."""

from . import nox_coverage_review
from . import nox_coverage_review_line
from . import nox_ticket_drop
from . import nox_ticket_split
