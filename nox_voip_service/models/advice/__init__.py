"""What another plan would have cost, and what another decision table would change."""

from . import res_company_advice
from . import res_config_settings_advice
from . import nox_plan_advice_line
from . import nox_plan_advice
from . import nox_plan_advice_history
from . import nox_plan_advice_refresh
from . import nox_plan_advice_text
from . import nox_plan_advice_quote
from . import nox_pbx_advice
from . import nox_coverage_draft_rule
from . import nox_coverage_draft_change
from . import nox_coverage_draft_customer
from . import nox_coverage_draft
from . import nox_coverage_draft_replay
from . import nox_service_plan_advice
from . import nox_verdict_check
