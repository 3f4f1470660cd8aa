"""Memory on large pages, where Linux can (6.1 and later)."""

import ctypes
from pathlib import Path

MAPS = Path("/proc/self/maps")
SIZE = 2 * 1024 * 1024  # bytes
# linux/mman.h: these may lie on large pages; put them there now.
MADV_HUGEPAGE, MADV_COLLAPSE = 14, 25


def settle():
    """Put what this process holds now on pages of 2 MB: Odoo's registry and all that
    is imported, which every test walks through (a fifteenth of the processor's time).

    Where that is not possible nothing changes.
    """
    if not MAPS.exists():
        return
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for start, end in _own_memory():
        first, last = -(-start // SIZE) * SIZE, end // SIZE * SIZE
        if first < last:
            madvise(first, last - first, MADV_HUGEPAGE)
            madvise(first, last - first, MADV_COLLAPSE)


def _own_memory():
    """``[(start, end)]`` of what was allocated: written to, and of no file."""
    found = []
    with MAPS.open() as maps:
        for line in maps:
            addresses, rights, _offset, _device, inode, *name = line.split()
            if rights == "rw-p" and inode == "0" and name in ([], ["[heap]"]):
                start, _sep, end = addresses.partition("-")
                found.append((int(start, 16), int(end, 16)))
    return found
