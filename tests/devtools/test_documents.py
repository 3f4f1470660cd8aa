"""The pages for who changes the addon name files and functions that are there."""

import re
import unicodedata

import pytest

from devtools.places import ADDON, REPO

PAGES = [
    *sorted(REPO.glob("*.md")),
    *sorted((REPO / "docs").rglob("*.md")),
    *sorted((ADDON / "readme").glob("*.md")),
]
# Odoo's own and Python's, in examples.
OF_OTHERS = {"browse", "ceil", "new", "sorted", "weekday"}
CODE = [
    path
    for folder in (ADDON, REPO / "tests", REPO / "devtools")
    for path in sorted(folder.rglob("*.py"))
]
DOCSTRING_LINK = re.compile(r"docs/(\w+\.md)(#[\w-]+)?")
# A paragraph or a number of a paper that is not in the repository.
ELSEWHERE = re.compile(r"\bdesign[ ,]+(chapter |section )?\d|\blaws? \d", re.IGNORECASE)


def names(paths):
    return [path.relative_to(REPO).as_posix() for path in paths]


def anchors(path):
    """What a heading of a page is linked by: ``Billed once`` is ``billed-once``."""
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.M | re.S)
    found = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.M):
        kept = "".join(
            letter
            for letter in heading.lower()
            if letter in " -_" or unicodedata.category(letter)[0] in "LN"
        )
        found.add("#" + kept.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        name, _hash, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        if anchor:
            assert f"#{anchor}" in anchors(path), target


def test_architecture_names_files_that_are_there():
    text = (REPO / "docs" / "ARCHITECTURE.md").read_text()
    paths = set(re.findall(r"`((?:[\w.]+/)+[\w.]*)`", text))
    assert len(paths) > 60
    missing = {
        path
        for path in paths
        if not (ADDON / path).exists() and not (REPO / path).exists()
    }
    assert not missing


def test_architecture_names_functions_that_are_there():
    text = (REPO / "docs" / "ARCHITECTURE.md").read_text()
    defined = {
        name
        for path in CODE
        for name in re.findall(r"^ *(?:def|class) (\w+)", path.read_text(), re.M)
    }
    called = set(re.findall(r"\b([a-z_]\w+)\(", text))
    assert len(called) > 80
    unknown = called - defined - OF_OTHERS
    assert not unknown
    tests = set(re.findall(r"\btest_\w+(?!\w*[./])\b", text)) - {
        path.stem for path in CODE
    }
    gone = tests - defined
    assert not gone


def test_architecture_names_functions_in_their_file():
    """`a file` `_function()`: it is defined there."""
    text = (REPO / "docs" / "ARCHITECTURE.md").read_text()
    called = r"`((?:\w+/)+\w+\.py)`,? ((?:(?:, | and )?`\w+\(\)`)+)"
    pairs = [
        (path, name)
        for path, names in re.findall(called, text)
        for name in re.findall(r"\w+", names.replace(" and ", " "))
    ]
    assert len(pairs) > 40
    wrong = [
        (path, name)
        for path, name in pairs
        if f"def {name}("
        not in next(
            folder / path for folder in (ADDON, REPO) if (folder / path).exists()
        ).read_text()
    ]
    assert not wrong


def test_every_rule_has_a_line_in_the_architecture():
    text = (REPO / "docs" / "ARCHITECTURE.md").read_text()
    table = text.split("| `policy/` |")[1].split("\n\n")[0]
    rules = {path.name for path in (ADDON / "policy").glob("*.py")} - {"__init__.py"}
    assert set(re.findall(r"`(\w+\.py)`", table)) == rules


def test_every_picture_is_on_a_page():
    """What no page shows is made by a command, and not kept."""
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in re.findall(r"!\[[^]]*\]\(([^)\s]+)\)", page.read_text())
        if not target.startswith("http")
    }
    kept = {path.resolve() for path in (REPO / "docs").rglob("*.png")}
    assert kept == {path for path in shown if path.suffix == ".png"}


def test_docstrings_link_to_pages_that_are_there():
    for path in CODE:
        for name, anchor in DOCSTRING_LINK.findall(path.read_text()):
            page = REPO / "docs" / name
            assert page.exists(), path
            assert not anchor or anchor in anchors(page), f"{path}: {anchor}"


def test_no_sentence_leans_on_a_paper_that_is_elsewhere():
    """A rule is said in words, or linked to where it stands."""
    papers = [*CODE, *PAGES, *ADDON.rglob("*.xml"), *ADDON.rglob("*.js")]
    assert not {
        f"{path.relative_to(REPO)}: {found[0]}"
        for path in papers
        if (found := ELSEWHERE.search(path.read_text()))
    }
