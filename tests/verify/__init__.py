"""Tests of the verifier of evidence packs. It is one file outside any package."""

import importlib.util
import os
from pathlib import Path

THOROUGH = os.environ.get("NOX_THOROUGH") == "1"
ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location(
    "nox_verify", ROOT / "verify" / "nox_verify.py"
)
nox_verify = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(nox_verify)
