from . import queue_job
from . import nox_billing_run
