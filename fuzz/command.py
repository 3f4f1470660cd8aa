"""``./dev fuzz``: a scratch database, hostile input of each family, what broke."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter

from devtools import database, odoo_process, places, ui
from devtools.locks import exclusive

# Family -> how many inputs without --inputs; of pages for each route, of screens
# customers, each with another text in each field.
FAMILIES = {
    "mails": 1000,
    "lists": 120,
    "numbers": 600,
    "texts": 500,
    "screens": 3,
    "pages": 200,
}
# What a family does that asks a server: before it is started, with it, afterwards.
SERVED = {"pages": ("prepare", "send", "after"), "screens": ("prepare", "send")}
# With limits that a page of ours must keep, and no work by the clock.
SERVER = {
    "limit_time_real": 60,
    "limit_memory_soft": 1 << 30,
    "max_cron_threads": 0,
    "log_level": "warn",
}
# What Odoo says itself of a call without what its own route asks for, and of a library
# that its distributions leave out.
OF_ODOO = (r"missing \d+ required positional argument", r"bad query", r"Invalid JSON")
OF_ODOO += (r"selfie_segmentation",)
LIMITS = ("time limit", "memory limit")


def run(families=None, seed=None, inputs=None):
    """0 when nothing broke."""
    if unknown := set(families or ()) - set(FAMILIES):
        raise ui.Problem(
            f"there is no family {', '.join(sorted(unknown))}",
            f"choose from {', '.join(FAMILIES)}",
        )
    seed = random.randrange(10_000) if seed is None else seed
    ui.say(f"seed {seed}")
    name = f"fuzz_{places.db_prefix()}"
    failed = total = 0
    with exclusive(name):
        origin = database.installed()
        try:
            for family in families or FAMILIES:
                database.copy(origin, name)
                done = _play(name, family, seed, inputs or FAMILIES[family])
                total += done["inputs"]
                failed += len(done["problems"])
                ui.say(f"   {done['inputs']} inputs, {done['noted']}")
                for problem in done["problems"][:40]:
                    ui.say(f"   {problem}")
        finally:
            database.drop(name)
    ui.say(f"\n{total} inputs, {failed} that broke something (--seed {seed})")
    return 1 if failed else 0


def _play(name, family, seed, inputs):
    """What came of a family: its inputs, what was noted, what broke."""
    folder = places.RUNS / name
    config = odoo_process.write_config(folder, name, **SERVER)
    log = folder / "odoo.log"
    log.unlink(missing_ok=True)
    with ui.step(family):
        if family in SERVED:
            found = _served(family, config, log, seed, inputs)
        else:
            found = _child(config, log, family, seed, inputs)
    text = log.read_text(errors="replace") if log.exists() else ""
    found["problems"] += [f"log: {line}" for line in _errors(text)]
    found["problems"] += [
        f"limit: {line}"[:300]
        for line in text.splitlines()
        if any(word in line for word in LIMITS)
    ]
    return found


def _served(family, config, log, seed, inputs):
    """What a family found on two servers: a Python process has one core."""
    second = odoo_process.write_config(
        config.parent / "second", _option(config, "db_name"), **SERVER
    )
    configs = (config, second)
    ports = {"ports": [int(_option(each, "http_port")) for each in configs]}
    before, send, *after = (f"{family}:{step}" for step in SERVED[family])
    known = _child(config, log, before, seed, inputs, ports) | ports
    servers = [odoo_process.start(each, log) for each in configs]
    try:
        for process, port in zip(servers, known["ports"], strict=True):
            odoo_process.wait_until_it_answers(f"http://127.0.0.1:{port}", process, log)
        found = _child(config, log, send, seed, inputs, known)
    finally:
        for process in servers:
            os.killpg(process.pid, signal.SIGTERM)
        for process in servers:
            process.wait(60)
    for step in after:
        left = _child(config, log, step, seed, inputs, known)
        found["problems"] += left["problems"]
        found["noted"] += f"; afterwards {left['noted']}"
    return found


def _errors(text):
    """Each kind of error of a log once, with how often it came.

    >>> _errors("1 ERROR a: Broken\nTraceback\nKeyError: 'x'\n2 INFO b: ok")
    ["1 times: KeyError: 'x'"]
    """
    found = Counter()
    for block in re.split(
        r"^(?=\S+.* (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) )", text, flags=re.MULTILINE
    ):
        lines = block.strip().splitlines()
        if lines and re.search(r" (ERROR|CRITICAL) ", lines[0]):
            last = lines[-1].strip()
            if not any(re.search(each, block) for each in OF_ODOO):
                found[last] += 1
    return [f"{number} times: {line}"[:300] for line, number in found.items()]


def _option(config, name):
    (line,) = (
        each for each in config.read_text().splitlines() if each.startswith(f"{name} =")
    )
    return line.partition("= ")[2]


def _child(config, log, family, seed, inputs, known=None):
    """Play a family in a process of its own; Odoo's words go to the log."""
    progress = config.with_name("progress")
    progress.unlink(missing_ok=True)

    def tell():
        return progress.read_text() if progress.exists() else ""

    with open(log, "ab") as stream, ui.ticking(tell, seconds=20):
        done = subprocess.run(
            [
                *(sys.executable, "-W", "ignore", "-m", "fuzz.play", str(config)),
                *(family, str(seed), str(inputs)),
            ],
            input=json.dumps(known or {}).encode(),
            stdout=subprocess.PIPE,
            stderr=stream,
            cwd=places.REPO,
        )
    if not done.stdout:
        raise ui.Problem(f"{family} broke off", f"read {log}")
    return json.loads(done.stdout)
