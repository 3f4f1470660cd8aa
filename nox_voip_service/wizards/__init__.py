# A package a topic. Where two slices of a model extend one method, the later one runs
# first: tests/devtools/test_house.py keeps the list.
from . import base
from . import pbx
from . import ticket
from . import order
from . import billing
from . import rehearsal
from . import training
from . import analysis
from . import notice
from . import setup
from . import guarded_dialogs
