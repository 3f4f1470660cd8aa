from . import helpdesk
from . import quote
