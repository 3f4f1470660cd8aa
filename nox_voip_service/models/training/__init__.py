"""Places in trainings, results, certificates, and the plan that asks for them."""

from . import product_template
from . import nox_admin_training
from . import nox_admin_training_event
from . import nox_admin_training_result
from . import nox_admin_training_certificate
from . import nox_pbx_certified
from . import nox_pbx_plan_certified
from . import nox_service_plan_certified
from . import calendar_attendee
from . import calendar_event
from . import sale_order_line_training
from . import sale_order_training
from . import nox_billing_run_training
