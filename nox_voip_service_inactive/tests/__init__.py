from . import test_inactive
