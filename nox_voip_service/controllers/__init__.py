from . import helpdesk
from . import quote
from . import invoice
from . import seat_template
