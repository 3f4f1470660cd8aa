import os
import sys
from pathlib import Path

from odoo.tests import TransactionCase, tagged


@tagged("standard", "post_install", "-at_install", "nox_demo")
class TestBridge(TransactionCase):
    """Odoo's own runner looks inside the addon, and the tests stand beside it."""

    def test_odoos_runner_finds_every_file(self):
        if not os.environ.get("NOX_WITH_DEMO"):
            return  # pytest collects the files itself
        package = __name__.rpartition(".")[0]
        self.assertEqual(package, "odoo.addons.nox_voip_service.tests")
        files = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
        self.assertGreater(len(files), 50)
        self.assertEqual(
            {name for name in files if f"{package}.{name}" not in sys.modules}, set()
        )
