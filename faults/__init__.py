"""What happens to a monthly run, and to people at one ticket, when something breaks.

``./dev faults`` (`command.py`): own processes against a PostgreSQL of its own, with fsync.
"""
