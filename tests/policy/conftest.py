"""Makes ``odoo.addons.nox_voip_service.policy`` importable without Odoo.

The policy lane runs in a bare Python: the packages above ``policy`` are empty
stand-ins, so that the addon's own ``__init__`` (which needs Odoo) is not run.
"""

import sys
from pathlib import Path
from types import ModuleType

from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[2]
# The mutation run works on a copy in which paths are module names.
ADDON = next(
    folder
    for folder in (ROOT / "nox_voip_service", ROOT / "odoo/addons/nox_voip_service")
    if folder.is_dir()
)


def _stand_in(name: str, *path: str) -> None:
    module = ModuleType(name)
    module.__path__ = list(path)  # type: ignore[attr-defined]
    sys.modules[name] = module


# Beside a real Odoo (pytest-odoo loads it first) the addon is the real one.
if "odoo" not in sys.modules:
    _stand_in("odoo")
    _stand_in("odoo.addons")
    _stand_in("odoo.addons.nox_voip_service", str(ADDON))

# Two profiles for the property tests. The policy lane must stay under two seconds,
# so by default a few hypothesis examples stand beside thousands of plain seeded
# cases. `./dev test --lane policy --thorough` runs 10,000 examples of each property,
# and as many histories of 36 months: before a rule changes, and after.
settings.register_profile(
    "quick", max_examples=10, deadline=None, derandomize=True, database=None
)
settings.register_profile(
    "thorough",
    max_examples=10_000,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("quick")
