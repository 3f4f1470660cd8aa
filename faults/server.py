"""A PostgreSQL for faults: as a customer runs it, with fsync, in a folder of its own."""

import os
import subprocess

import psycopg2
from psycopg2 import sql

from devtools import database, places, postgres, ui

DATA = places.CACHE / f"postgres-faults-{places.db_prefix()}"
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_wal_size": "512MB",
    "jit": "off",
    "logging_collector": "off",
}


def options():
    """What Odoo's configuration says of this server."""
    return {
        "db_host": str(postgres.socket_folder(DATA)),
        "db_port": "5432",
        "db_user": postgres.ROLE,
    }


def start():
    if not postgres.is_own():
        raise ui.Problem(
            "faults stop and start a PostgreSQL, so they need the one that comes along",
            "unset PGHOST",
        )
    if not (DATA / "PG_VERSION").exists():
        postgres.initialise(DATA, SETTINGS)
    if not answers():
        postgres.control(DATA, "start", "-w")
        postgres.make_role(DATA)


def stop(mode="fast"):
    """``fast`` ends every transaction, ``immediate`` is a power cut."""
    if answers():
        postgres.control(DATA, "stop", "-w", "-m", mode)


def answers():
    try:
        connect().close()
    except psycopg2.OperationalError:
        return False
    return True


def connect(name="postgres"):
    """A connection in autocommit mode."""
    where = options()
    connection = psycopg2.connect(
        dbname=name,
        host=where["db_host"],
        port=where["db_port"],
        user=where["db_user"],
    )
    connection.autocommit = True
    return connection


def query(statement, values=None, name="postgres"):
    """Rows of a statement; nothing for one that has none."""
    connection = connect(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def names(prefix=""):
    rows = query("SELECT datname FROM pg_database ORDER BY datname")
    return [name for (name,) in rows if name.startswith(prefix)]


def copy(origin, name):
    """Make (or make anew) the database ``name`` as a copy of ``origin``."""
    drop(name)
    text = "CREATE DATABASE {} TEMPLATE {}"
    query(sql.SQL(text).format(sql.Identifier(name), sql.Identifier(origin)))
    # Without it a power cut soon after was seen to set sequences of the copy back (a
    # primary key came twice); PostgreSQL logs them some values ahead.
    query("CHECKPOINT")
    database.copy_files(origin, name)


def drop(name):
    text = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
    query(sql.SQL(text).format(sql.Identifier(name)))
    database.drop_files(name)


def terminate(name):
    """End every connection to a database, as an administrator does; how many."""
    rows = query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND pid <> pg_backend_pid()",
        [name],
    )
    return len(rows)


def fetch(origin, name):
    """Bring a database of the test server over, once."""
    if name in names():
        return
    with database.fresh(origin, "faults") as source:
        dump(source, postgres.client_environment(), name)


def replace(name, other):
    """Put the database ``other`` in the place of ``name``."""
    drop(name)
    text = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    query(text.format(*map(sql.Identifier, (other, name))))
    database.copy_files(other, name)
    database.drop_files(other)


def dump(source, where, name):
    """``pg_dump`` of a database, put back under another name: a restored backup."""
    drop(name)
    query(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    here = {f"PG{key[3:].upper()}": value for key, value in options().items()}
    programs = postgres.programs()
    reading = subprocess.Popen(
        [programs / "pg_dump", "-Fp", source],
        env={**os.environ, **(where or here)},
        stdout=subprocess.PIPE,
    )
    ui.run(
        [programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", name],
        env=here,
        stdin=reading.stdout,
    )
    if reading.wait():
        raise ui.Problem(f"pg_dump of {source} failed")
    database.copy_files(source, name)
