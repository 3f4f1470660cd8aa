from . import test_debit
