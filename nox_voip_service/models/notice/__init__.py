"""Letters about a change: who was told what, when, with which proof."""

from . import res_company_notice
from . import res_config_settings_notice
from . import nox_notice
from . import nox_notice_line
from . import nox_notice_letter
from . import nox_notice_start
from . import nox_notice_line_start
from . import nox_pbx_notice
