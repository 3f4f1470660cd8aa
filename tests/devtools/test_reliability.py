"""The page of what can go wrong is what its data say; the tests it names are there."""

from collections import Counter

from faults import reliability

DATA = reliability.read()


def test_the_page_is_up_to_date():
    assert reliability.PAGE.read_text() == reliability.page(DATA), "./dev reliability"


def test_every_test_that_it_names_is_there():
    assert not reliability.missing(DATA)


def test_a_test_that_is_gone_is_told():
    row = {"row": "X1", "proof": ["billing/test_month.py::test_gone", "faults:none"]}
    gone = reliability.missing({"rows": [row], "faults": {}})
    assert gone == ["X1: billing/test_month.py::test_gone", "X1: faults:none"]


def test_every_row_is_there_once_and_is_answered():
    rows = [row["row"] for row in DATA["rows"]]
    assert len(rows) == 93 and max(Counter(rows).values()) == 1
    assert all(row["proof"] or row.get("why") for row in DATA["rows"])
