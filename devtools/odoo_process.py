"""Odoo as a process: its configuration file and its commands."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from . import odoo_source, postgres, ui
from .places import DATA_DIR, REPO

MODULE = [sys.executable, "-m", "odoo"]
# A server, with workers or without; devtools/bin/odoo says why.
SERVER = [sys.executable, REPO / "devtools" / "bin" / "odoo"]


def free_port():
    """A TCP port on this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def source():
    """The folder that ``import odoo`` comes from."""
    return odoo_source.ensure()


def write_config(folder, database, **extra):
    """Write ``odoo.conf`` into ``folder``; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    server = postgres.settings()
    addons = [REPO, *odoo_source.extra_addons(source())]
    options = {
        "addons_path": ",".join(map(str, addons)),
        "data_dir": DATA_DIR,
        "db_host": server["host"],
        "db_port": server["port"],
        "db_user": server["user"],
        "db_name": database,
        "dbfilter": f"^{database}$",
        "list_db": False,
        "http_interface": "127.0.0.1",
        "http_port": free_port(),
        "gevent_port": free_port(),
        "screenshots": folder / "screenshots",
        **extra,
    }
    path = folder / "odoo.conf"
    lines = [f"{name} = {value}" for name, value in options.items()]
    path.write_text("[options]\n" + "\n".join(lines) + "\n")
    return path


def run(config, *options, log, advice="see the log"):
    """Run Odoo to its end (``--stop-after-init``); output goes to ``log``."""
    ui.run(
        [*MODULE, "-c", config, "--max-cron-threads=0", "--stop-after-init", *options],
        advice,
        log=log,
        cwd=REPO,
    )


def run_tests(config, log, tags, *options, **environment):
    """Run Odoo with its own test runner to its end, failures or not; what it says goes
    to ``log``, which is returned."""
    tests = ["--test-enable", f"--test-tags={tags}"]
    once = ["--stop-after-init", "--max-cron-threads=0"]
    command = [*MODULE, "-c", config, *options, *tests, *once]
    with open(log, "ab") as stream:
        subprocess.run(
            [str(part) for part in command],
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=REPO,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )
    return log.read_text(errors="replace")


def shell(config, script, log, advice="see the log"):
    """Run the Python text ``script`` in Odoo's shell (``env`` is there); return output."""
    command = [*MODULE, "shell", "-c", config, "--no-http", "--log-level=warn"]
    with open(log, "ab") as stream:
        done = subprocess.run(
            [str(part) for part in command],
            input=script.encode(),
            stdout=subprocess.PIPE,
            stderr=stream,
            cwd=REPO,
        )
    output = done.stdout.decode()
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise ui.Problem(f"a script in Odoo's shell failed:\n{tail}", advice)
    return output


def start(config, log, **environment):
    """Start Odoo in the background, holding the database server up; return the process."""
    descriptor = postgres.share() if postgres.is_own() else None
    with open(log, "ab") as stream:
        process = subprocess.Popen(
            [str(part) for part in [*SERVER, "-c", config]],
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=REPO,
            env={**os.environ, **environment},
            start_new_session=True,
            pass_fds=[descriptor] if descriptor else [],
        )
    if descriptor:
        os.close(descriptor)
    return process


def wait_until_it_answers(address, process, log, seconds=120):
    """Wait until the web client's health page answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/web/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.3)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
    raise ui.Problem(f"Odoo does not answer at {address}:\n{tail}", f"read {log}")
