from . import helpdesk
from . import quote
from . import invoice
from . import contract
from . import seat_template
from . import service_request
from . import telephony
from . import training
