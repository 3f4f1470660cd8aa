"""``./dev wheel``: the addon as a wheel, installed in a clean environment."""

import shutil
import subprocess
import sys

from . import database, log_check, odoo_process, odoo_source, ui
from .places import ADDON_NAME, CACHE, REPO, RUNS

REQUIREMENTS = ["requirements-odoo.txt", "requirements.txt"]


def run():
    """Build the wheel, install it beside exact requirements, install it in Odoo."""
    folder = CACHE / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "source"
    with ui.step("building the wheel"):
        # A copy: building leaves its traces beside the sources.
        leave = shutil.ignore_patterns(".git", ".venv", "__pycache__", "build")
        shutil.copytree(REPO, source, ignore=leave)
        build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation"]
        ui.run([*build, "--no-deps", "-w", folder, source])
    wheel = next(folder.glob("*.whl"))
    with ui.step("a clean environment"):
        python = folder / "venv" / "bin" / "python"
        ui.run([sys.executable, "-m", "venv", folder / "venv"])
        files = [part for name in REQUIREMENTS for part in ("-r", REPO / name)]
        pip = [python, "-m", "pip", "install", "-q", "--no-deps"]
        ui.run([*pip, "--disable-pip-version-check", *files, wheel])
        packages = next((folder / "venv" / "lib").glob("python3*/site-packages"))
        (packages / "odoo-source.pth").write_text(f"{odoo_source.ensure()}\n")
    with ui.step(f"-i {ADDON_NAME} from the wheel"):
        with database.fresh(database.template("plain"), "wheel") as name:
            config = odoo_process.write_config(RUNS / name, name)
            # Not the sources: what pip installed.
            addons = packages / "odoo" / "addons"
            text = config.read_text().replace(str(REPO), str(addons))
            config.write_text(text)
            install = ["-c", config, "-i", ADDON_NAME, "--stop-after-init"]
            done = subprocess.run(
                [python, "-m", "odoo", *install],
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            loaded = f"module {ADDON_NAME}" in done.stdout
    if done.returncode or not loaded:
        raise ui.Problem(done.stdout[-3000:], "see above")
    if bad := log_check.unexplained(done.stdout):
        raise ui.Problem("\n".join(bad), "see above")
    ui.say(f"{wheel.name} installs as odoo.addons.{ADDON_NAME}")
