from . import account_move
from . import queue_job
from . import nox_billing_run
