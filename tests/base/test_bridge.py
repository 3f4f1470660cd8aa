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
        package = __name__.rpartition(".base.")[0]
        self.assertEqual(package, "odoo.addons.nox_voip_service.tests")
        files = [
            path
            for path in Path(__file__).parents[1].glob("*/test_*.py")
            if path.parent.name not in ("policy", "verify", "devtools")
        ]
        self.assertGreater(len(files), 50)
        bridge = sys.modules[package]
        self.assertEqual(
            [path.name for path in files if not hasattr(bridge, path.stem)], []
        )
        self.assertEqual(len({path.stem for path in files}), len(files))
