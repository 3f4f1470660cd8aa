"""Letters about a change: who was told what, when, with which proof."""

from . import rule_words
from . import res_company_notice
from . import res_config_settings_notice
from . import nox_notice
from . import nox_notice_line
from . import nox_notice_letter
from . import nox_notice_start
from . import nox_notice_line_start
from . import nox_notice_rules
from . import nox_pbx_notice
from . import nox_coverage_draft_letter
from . import nox_coverage_draft_publish
from . import nox_coverage_draft_customer_letter
from . import nox_service_plan_notice
