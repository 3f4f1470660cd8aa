"""How test files are shared out, and what tells which ones are slow."""

from devtools import base_suites, shares


def test_every_file_is_in_one_share():
    seconds = {f"test_{number}.py": number % 7 for number in range(40)}
    found = shares.share_out(seconds, [0, 5, 2])
    assert sorted(name for share in found for name in share) == sorted(seconds)


def test_shares_end_about_together():
    seconds = {"long": 60, "a": 20, "b": 20, "c": 20}
    assert shares.share_out(seconds, [0, 0]) == [["long"], ["a", "b", "c"]]


def test_a_busy_core_gets_less():
    assert shares.share_out({"a": 10, "b": 10}, [25, 0]) == [[], ["a", "b"]]


def test_times_are_read_and_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "MEASURED", tmp_path / "seconds.json")
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase classname="tests.test_a.TestA" name="test_x"'
        ' file="tests/test_a.py" time="1.5"/><testcase classname="tests.test_a.TestA"'
        ' name="test_y" file="tests/test_a.py" time="2"/></testsuite></testsuites>'
    )
    times = shares.read_times([report, tmp_path / "absent.xml"])
    assert times[0] == (2.0, "test_a.py", "TestA.test_y")
    shares.remember(times)
    assert '"test_a.py": 3.5' in shares.MEASURED.read_text()


def test_a_suite_that_did_not_end_ran_no_test():
    assert base_suites.read("INFO odoo: loading\n") == (0, [])


def test_failures_of_the_base_are_named_once():
    text = (
        "2026 ERROR x: FAIL: TestA.test_b\n2026 ERROR x: ERROR: Subtest TestA.test_b\n"
        "2026 INFO odoo.tests.result: 1 failed, 1 error(s) of 244 tests when loading"
    )
    assert base_suites.read(text) == (244, ["TestA.test_b"])
