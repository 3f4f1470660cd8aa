"""What the demo data's files say, read without the addon."""

import importlib.util
from datetime import datetime
from pathlib import Path

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.modules import Manifest
from odoo.tools.safe_eval import safe_eval

MODULE = "nox_voip_service"


def demo_files():
    """The demo data as parsed XML, in the order in which Odoo loads it."""
    manifest = Manifest.for_addon(MODULE)
    return [
        etree.parse(Path(manifest.path, name))
        for name in manifest["demo"]
        if name.endswith(".xml")
    ]


def demo_totals():
    """devtools/demo_totals.py"""
    return _devtools("demo_totals")


def demo_guide():
    """devtools/demo_guide.py"""
    return _devtools("demo_guide")


def _devtools(name):
    """A file of devtools/, which is no package where Odoo runs the tests."""
    path = Path(__file__).resolve().parents[1] / "devtools" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def on_day(expression, today):
    """The date that an expression of the files gives when it is loaded on a day."""

    class Today(datetime):
        @classmethod
        def today(cls):
            return cls.combine(today, cls.min.time())

    names = {"DateTime": Today, "relativedelta": relativedelta}
    return safe_eval(expression, names).date()
