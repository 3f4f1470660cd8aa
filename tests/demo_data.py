"""What the demo data's files say, read without the addon."""

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


def on_day(expression, today):
    """The date that an expression of the files gives when it is loaded on a day."""

    class Today(datetime):
        @classmethod
        def today(cls):
            return cls.combine(today, cls.min.time())

    names = {"DateTime": Today, "relativedelta": relativedelta}
    return safe_eval(expression, names).date()
