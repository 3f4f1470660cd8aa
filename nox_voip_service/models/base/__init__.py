"""What the others stand on: company, settings, guards, mail."""

from . import facts
from . import sealing
from . import nox_portal_fields
from . import guard
from . import in_force
from . import res_company
from . import res_config_settings
from . import mail_templates
from . import mail_thread
from . import mail_thread_received
from . import ir_mail_server
from . import ir_http
from . import ir_rule
