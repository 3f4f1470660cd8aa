"""Odoo processes that the bench tells what to do."""

import json
import subprocess
import sys
from contextlib import contextmanager

from devtools import database, odoo_process, ui
from devtools.places import REPO, RUNS


class Worker:
    """An Odoo process that works on one database.

    :param options: of its configuration file
    """

    def __init__(self, kind, module, name, **options):
        self.kind = kind
        folder = RUNS / name
        config = odoo_process.write_config(folder, name, log_level="warn", **options)
        self.log = folder / "odoo.log"
        with open(self.log, "ab") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bench.worker", config, module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                cwd=REPO,
                text=True,
            )
        self._answer()

    def __call__(self, name, **arguments):
        self.process.stdin.write(json.dumps({"do": name, **arguments}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])
            raise ui.Problem(f"the bench's Odoo ({self.kind}) ended:\n{tail}")
        return json.loads(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


@contextmanager
def server(name, environment=None, **options):
    """A server on this database.

    :param environment: variables that it sees beside ours
    :param options: of its configuration file
    :return: its address, and the path of its log
    """
    folder = RUNS / name / "server"
    log = folder / "odoo.log"
    log.unlink(missing_ok=True)
    port = odoo_process.free_port()
    config = odoo_process.write_config(folder, name, http_port=port, **options)
    process = odoo_process.start(config, log, **(environment or {}))
    address = f"http://127.0.0.1:{port}"
    try:
        odoo_process.wait_until_it_answers(address, process, log)
        yield address, log
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def workers(module, *kinds):
    """A worker for each kind of database, ``bare`` or ``addon``."""
    origins = {"bare": lambda: database.template("plain"), "addon": database.installed}
    kind, *others = kinds
    with database.fresh(origins[kind](), f"bench{kind}") as name:
        worker = Worker(kind, module, name)
        try:
            if others:
                with workers(module, *others) as rest:
                    yield [worker, *rest]
            else:
                yield [worker]
        finally:
            worker.stop()
