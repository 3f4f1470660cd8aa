"""Where things are: the repository, and the cache that can be thrown away."""

import ast
import hashlib
import os
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
ADDON_NAME = "nox_voip_service"
ADDON = REPO / ADDON_NAME
TESTS = REPO / "tests"

CACHE = Path(
    os.environ.get("NOX_CACHE") or Path.home() / ".cache" / "nox-voip-service"
).resolve()
DATA_DIR = CACHE / "data"
RUNS = CACHE / "runs"


def db_prefix():
    """First part of every database name; set NOX_DB_PREFIX to work beside others."""
    return os.environ.get("NOX_DB_PREFIX", "nox")


def manifest():
    """The addon's manifest as a dictionary."""
    return ast.literal_eval((ADDON / "__manifest__.py").read_text())


def digest(*parts):
    """Ten hexadecimal digits that change when one of the texts or bytes changes."""
    sha = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        sha.update(len(data).to_bytes(8, "big") + data)
    return sha.hexdigest()[:10]


def addon_digest():
    """Digest of the files that an installation of the addon reads."""
    parts = []
    for path in sorted(ADDON.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            parts += [path.relative_to(ADDON), path.read_bytes()]
    return digest(*parts)
