from . import base
from . import pbx
from . import ticket
from . import order
from . import billing
from . import training
from . import portal
from . import evidence
