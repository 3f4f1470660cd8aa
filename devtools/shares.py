"""Test files shared out over the cores, each file once, and what took longest."""

import json
import xml.etree.ElementTree as ElementTree

from .places import CACHE, TESTS

MEASURED = CACHE / "test-seconds.json"
# What runs in plain Python.
PLAIN = ("policy", "devtools")
# A file that nobody timed yet: about what its length says.
SECONDS_PER_BYTE = 1 / 1500


def odoo_files():
    """The files whose tests need Odoo, below tests/: a folder a topic."""
    return sorted(
        path.relative_to(TESTS).as_posix()
        for path in TESTS.glob("*/test_*.py")
        if path.parent.name not in PLAIN
    )


def seconds_by_file(names):
    """``{file name: seconds}``, as an earlier run measured them or as the length says."""
    measured = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
    return {
        name: measured.get(name, (TESTS / name).stat().st_size * SECONDS_PER_BYTE)
        for name in names
    }


def share_out(seconds, begin):
    """Share files out so that all shares end about together: the longest first, each
    to the share that has least.

    :param seconds: ``{file name: seconds}``
    :param begin: seconds that each share is busy with something else
    :return: a list of names for each share

    >>> share_out({"a": 5, "b": 4, "c": 3, "d": 2}, [0, 4])
    [['a', 'c'], ['b', 'd']]
    """
    loads = list(begin)
    shares = [[] for _load in loads]
    for name in sorted(seconds, key=lambda name: (-seconds[name], name)):
        emptiest = loads.index(min(loads))
        shares[emptiest].append(name)
        loads[emptiest] += seconds[name]
    return [sorted(share) for share in shares]


def read_times(reports):
    """``[(seconds, file name, test)]`` of pytest's XML reports, the slowest first."""
    times = []
    for report in reports:
        if report.exists():
            for case in ElementTree.parse(report).iter("testcase"):
                file = case.get("file", "").removeprefix("tests/")
                name = (
                    f"{case.get('classname', '').rpartition('.')[2]}.{case.get('name')}"
                )
                times.append((float(case.get("time", 0)), file, name))
    return sorted(times, reverse=True)


def remember(times):
    """Keep what each file took, for the next time that they are shared out."""
    measured = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
    latest = {}
    for seconds, file, _test in times:
        latest[file] = latest.get(file, 0) + seconds
    MEASURED.write_text(json.dumps({**measured, **latest}, indent=1, sort_keys=True))
