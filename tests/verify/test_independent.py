"""The verifier is not us: one file, the standard library, and nothing else."""

import ast
import json
import random
import subprocess
import sys

from . import ROOT
from .stories import Story

FILE = ROOT / "verify" / "nox_verify.py"
TREE = ast.parse(FILE.read_text(), feature_version=(3, 9))


def imported():
    for node in ast.walk(TREE):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import"
            yield node.module


def test_it_imports_the_standard_library_alone():
    found = {name.split(".")[0] for name in imported()}
    assert found and found <= sys.stdlib_module_names
    assert not found & {
        "importlib",
        "runpy",
        "ctypes",
        "subprocess",
        "socket",
        "urllib",
    }


def test_it_imports_nothing_by_another_way():
    called = {
        node.func.id
        for node in ast.walk(TREE)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"__import__", "exec", "eval", "compile", "import_module"}


def test_it_writes_nothing():
    modes = [
        argument.value
        for node in ast.walk(TREE)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "open"
        for argument in node.args[1:2]
    ]
    assert modes == ["rb"]


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-I", "-S", "nox_verify.py", *map(str, arguments)],
        cwd=folder, env={"PYTHONIOENCODING": "utf-8"}, capture_output=True, text=True,
        encoding="utf-8",
    )  # fmt: skip


def test_a_stranger_needs_the_file_and_the_pack(tmp_path):
    (tmp_path / "nox_verify.py").write_bytes(FILE.read_bytes())
    pack = Story(random.Random(1)).pack()
    (tmp_path / "pack.json").write_text(json.dumps(pack))
    done = run(tmp_path, "pack.json", "--head", pack["head"])
    assert (done.returncode, done.stderr) == (0, "")
    assert "INV/2026/00012: everything is proven" in done.stdout

    done = run(tmp_path, "pack.json", "--head", "0" * 64, "--lang", "nl")
    assert (done.returncode, done.stderr) == (1, "")
    assert "WIJKT AF  keten: de kop: gevonden" in done.stdout
    assert "NIET alles is bewezen" in done.stdout

    (tmp_path / "other.json").write_text("{}")
    done = run(tmp_path, "pack.json", "other.json", "--json")
    assert (done.returncode, done.stderr) == (2, "")
    first, second = json.loads(done.stdout)
    assert (first["exit"], second["exit"]) == (0, 2)
    assert {each["status"] for each in first["findings"]} <= {"proven", "remark"}
    assert second["findings"][0]["text"].startswith("This is no evidence pack")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "nox_verify.py",
        "other.json",
        "pack.json",
    ]
