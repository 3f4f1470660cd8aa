"""Bridge: Odoo's own runner looks here; the tests live beside the addon.

Where the top-level folder is absent (an installed wheel) it finds nothing, harmlessly.
"""

from importlib import import_module
from pathlib import Path

_top_level = Path(__file__).resolve().parents[2] / "tests"
if _top_level.is_dir():
    __path__.append(str(_top_level))
    for _path in sorted(_top_level.glob("*/test_*.py")):
        # The rules and the tools are tested in plain Python, without Odoo.
        if _path.parent.name not in ("policy", "verify", "devtools"):
            # Odoo looks for modules of this package by their name.
            globals()[_path.stem] = import_module(
                f".{_path.parent.name}.{_path.stem}", __name__
            )
