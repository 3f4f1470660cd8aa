"""Seconds, queries and memory of a piece of work."""

import resource
import statistics
import time
from contextlib import contextmanager


class Measure:
    """What a block took: ``seconds``, ``queries``."""

    seconds = 0.0
    queries = 0

    def figures(self, count=1):
        """Per unit, for ``count`` units of work."""
        return {"seconds": self.seconds / count, "queries": self.queries / count}


def medians(taken):
    """Figures of one piece of work among these, equal ones: the median, for now and
    then the machine does something else."""
    return {
        name: statistics.median(getattr(found, name) for found in taken)
        for name in ("seconds", "queries")
    }


@contextmanager
def measure(env):
    """Measure a block from an empty cache to the last flushed write, as a request
    from a browser would meet it."""
    env.flush_all()
    env.invalidate_all()
    found = Measure()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    yield found
    env.flush_all()
    found.seconds = time.perf_counter() - start
    found.queries = env.cr.sql_log_count - queries


@contextmanager
def undone(env):
    """Take back everything that the block wrote."""
    env.flush_all()
    env.cr.execute("SAVEPOINT bench")
    try:
        yield
    finally:
        env.flush_all()
        env.cr.execute("ROLLBACK TO SAVEPOINT bench")
        env.invalidate_all()
        env.transaction.clear()


@contextmanager
def watched_commits(env):
    """Seconds between commits while the block runs: how long rows stay locked."""
    cursor_class = type(env.cr)
    commit = cursor_class.commit
    moments, spans = [time.perf_counter()], []

    def watched(cursor):
        commit(cursor)
        now = time.perf_counter()
        spans.append(now - moments[0])
        moments[0] = now

    cursor_class.commit = watched
    try:
        yield spans
    finally:
        cursor_class.commit = commit
        spans.append(time.perf_counter() - moments[0])


def peak_megabytes():
    """Most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
