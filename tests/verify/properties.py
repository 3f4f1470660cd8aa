"""How many examples of a property are tried."""

from hypothesis import settings

from . import THOROUGH

# The seeded cases beside them are many more.
examples = settings(
    max_examples=2000 if THOROUGH else 25,
    deadline=None,
    derandomize=True,
    database=None,
)
