"""Locks between processes: several people may give ``./dev`` commands at once."""

import contextlib
import fcntl

from .places import CACHE


@contextlib.contextmanager
def exclusive(name):
    """Hold the lock ``name``; wait for whoever holds it."""
    folder = CACHE / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
