"""What ``./dev`` says where something is missing: all of it, once, with what to do."""

import pytest

from devtools import odoo_source, system, ui


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine that has the named programs and none of ours."""

    def make(name, programs, root=True):
        full = {"debian": "Debian 12", "ubuntu": "Ubuntu 24.04", "fedora": "Fedora 42"}
        monkeypatch.delenv("NOX_ODOO_PATH", raising=False)
        monkeypatch.setattr(system.shutil, "which", lambda program: program in programs)
        monkeypatch.setattr(system.os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(system, "distribution", lambda: (name, "code", full[name]))
        monkeypatch.setattr(odoo_source, "CACHE", tmp_path)
        keyring = tmp_path / "keyring"
        keyring.write_text("") if name == "debian" else None
        monkeypatch.setattr(odoo_source, "KEYRING", keyring)

    return make


def told(*programs):
    found = [*system.obstacles(*programs), *odoo_source.obstacles()]
    return [f"{problem.tried} | {problem.advice}" for problem in found]


@pytest.mark.parametrize(("root", "programs"), [(True, set()), (False, {"sudo"})])
def test_on_debian_nothing_stands_in_the_way(machine, root, programs):
    machine("debian", {"apt-get", *programs}, root)
    assert told("wkhtmltopdf", "chromium") == []


def test_without_root_and_sudo_each_program_is_named(machine):
    machine("debian", {"apt-get"}, root=False)
    pdf, browser = told("wkhtmltopdf", "chromium")
    assert "wkhtmltopdf is missing; this user is not root" in pdf
    assert "chromium is missing; this user is not root" in browser
    assert "fonts-dejavu-core" in pdf


def test_ubuntu_hears_of_chromium_and_odoo_at_once(machine):
    machine("ubuntu", {"apt-get"})
    browser, odoo = told("wkhtmltopdf", "chromium")
    assert "snap" in browser
    assert "google-chrome-stable" in browser
    assert "this is Ubuntu 24.04" in odoo
    assert "NOX_ODOO_PATH" in odoo


def test_without_apt_three_things_are_told_before_anything_is_done(
    machine, monkeypatch
):
    machine("fedora", set())
    monkeypatch.setattr(ui, "run", None)  # nothing may run
    lines = told("wkhtmltopdf", "chromium")
    assert [line.split()[0] for line in lines] == ["wkhtmltopdf", "chromium", "Odoo"]
    assert all("no apt-get" in line for line in lines)
    with pytest.raises(ui.Problem, match="2 things stand in the way"):
        system.need("wkhtmltopdf", "chromium")


def test_a_program_with_another_name_will_do(machine):
    machine("ubuntu", {"apt-get", "google-chrome", "wkhtmltopdf"})
    assert system.obstacles("wkhtmltopdf", "chromium") == []
    machine("debian", {"chromium"}, root=False)
    assert system.obstacles("chromium-headless-shell") == []


@pytest.mark.parametrize(
    ("release", "says"),
    [
        (None, "contains no odoo/release.py"),
        ("version_info = (18, 0, 0, 'final', 0, '')", "is 18.0, this addon needs 19.0"),
        ("version_info = (19, 1, 0, 'final', 0, '')", "is 19.1, this addon needs 19.0"),
        ("nothing", "is of an unknown version"),
    ],
)
def test_another_odoo_is_refused_with_what_it_is(
    machine, tmp_path, monkeypatch, release, says
):
    machine("debian", {"apt-get"})
    _odoo(tmp_path, release)
    monkeypatch.setenv("NOX_ODOO_PATH", str(tmp_path))
    [line] = told()
    assert says in line
    assert "point NOX_ODOO_PATH to an Odoo 19.0" in line


def test_an_odoo_19_of_ones_own_is_taken_anywhere(machine, tmp_path, monkeypatch):
    machine("fedora", {"wkhtmltopdf"})
    _odoo(tmp_path, "version_info = (19, 0, 0, 'final', 0, '')")
    monkeypatch.setenv("NOX_ODOO_PATH", str(tmp_path))
    assert told("wkhtmltopdf") == []


def _odoo(folder, release):
    if release is not None:
        (folder / "odoo").mkdir()
        (folder / "odoo" / "release.py").write_text(f"{release}\n")
