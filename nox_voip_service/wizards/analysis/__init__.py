"""The manager's page, and what another block would cost."""

from . import nox_figures
from . import nox_figures_money
from . import nox_figures_service
from . import nox_figures_line
from . import nox_block_recount
from . import nox_block_recount_line
