"""A small dump of each release, with its totals; ``./dev upgrade`` updates each to what
is here and compares (`command.py`)."""
