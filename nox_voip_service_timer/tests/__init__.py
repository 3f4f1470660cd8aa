from . import test_timer
