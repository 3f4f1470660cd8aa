from . import test_run_jobs
from . import test_run_law
from . import test_run_numbers
