"""Figures: what the work brought and cost, and what the manager looks at."""

from . import helpdesk_ticket_value
from . import nox_service_analysis
from . import nox_service_analysis_statement
from . import nox_service_analysis_questions
