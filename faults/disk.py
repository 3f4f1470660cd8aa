"""The disk of the database is full."""

import os
import subprocess
import tempfile
from pathlib import Path

from devtools import postgres

from . import customers, server
from .months import Broken, each_month, settle, undisturbed

MEGABYTE = 1 << 20


def full(world):
    """At a random point of the run nothing more can be written; then there is room."""
    seconds = undisturbed(world)
    folder = Path(tempfile.mkdtemp(prefix="nox-faults-", dir="/tmp"))
    size = server.query("SELECT pg_database_size(%s)", [world.name])[0][0] // MEGABYTE
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={2 * size + 64}m", "tmpfs", folder],
        capture_output=True,
    )
    if mounted.returncode:
        folder.rmdir()
        raise Broken(["this machine lets nobody mount a small disk: not tried"])
    try:
        data = folder / "data"
        data.mkdir()
        postgres.give(data)
        server.query(f"CREATE TABLESPACE faults_small LOCATION '{data}'")
        server.query(f'ALTER DATABASE "{world.name}" SET TABLESPACE faults_small')
        for number in each_month(world, first=1):
            worker = world.start(customers.bill, number)
            world.sleep(seconds / 2)
            _fill(folder / "filler")
            how, _what = worker.wait()
            world.note("runs that broke off", how != "done")
            world.note("disks that were full", not _room(folder), must=True)
            (folder / "filler").unlink()
            settle(world, number)
    finally:
        server.query(f'ALTER DATABASE "{world.name}" SET TABLESPACE pg_default')
        server.query("DROP TABLESPACE IF EXISTS faults_small")
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


def _room(folder):
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def _fill(path):
    with open(path, "wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(MEGABYTE))
        except OSError:
            pass
    with open(path, "ab", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError:
            pass
