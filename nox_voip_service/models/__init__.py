# A package a topic. Where two slices of a model extend one method, the later one runs
# first: tests/devtools/test_house.py keeps the list.
from . import base
from . import plan
from . import pbx
from . import ticket
from . import order
from . import billing
from . import dispute
from . import training
from . import portal
from . import paper
from . import evidence
from . import analysis
from . import advice
from . import notice
from . import guarded_models
