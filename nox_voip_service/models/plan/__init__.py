"""Service plans, their decision table, kinds of change, stages and teams."""

from . import nox_service_plan
from . import nox_coverage_row
from . import nox_coverage_rule
from . import nox_plan_edition
from . import helpdesk_ticket_category
from . import helpdesk_ticket_stage
from . import helpdesk_ticket_team
from . import nox_service_plan_edition
from . import nox_approval_grade
from . import nox_service_plan_grade
from . import nox_service_plan_seat
from . import nox_service_plan_time
from . import account_chart_template
from . import product_product
from . import prices
