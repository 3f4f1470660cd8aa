"""Planning a training, and its results."""

from . import nox_training_plan
from . import nox_training_plan_line
from . import nox_training_result
from . import nox_training_result_line
