"""A request: its verdict, its time, where it may go, who decides."""

from . import helpdesk_ticket
from . import helpdesk_ticket_confidence
from . import helpdesk_ticket_coverage
from . import helpdesk_ticket_time
from . import helpdesk_ticket_release
from . import helpdesk_ticket_activity
from . import helpdesk_ticket_close
from . import helpdesk_ticket_bill
from . import nox_coverage_override
from . import nox_block_waiver
from . import account_analytic_line
from . import account_analytic_line_bill
from . import helpdesk_ticket_seat
from . import helpdesk_ticket_view
from . import helpdesk_ticket_mail
from . import helpdesk_ticket_answered
from . import helpdesk_ticket_bounce
from . import helpdesk_ticket_brake
from . import helpdesk_ticket_suggest
from . import nox_stray_mail
from . import nox_stray_mail_failed
