from . import helpdesk
from . import quote
from . import invoice
