"""One spelling for plain data, so that a hash of it can be computed by anybody.

Canonical JSON: names in order, no blanks, letters as they are (UTF-8). Figures that
are not whole are text ("20.50"), never a float, for two programs write a float in two
ways.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .errors import PolicyError


def canonical(content: Any) -> str:
    """The one spelling of plain data.

    >>> canonical({"b": ["één", 2, None], "a": True})
    '{"a":true,"b":["één",2,null]}'
    >>> canonical({"price": 20.5})
    Traceback (most recent call last):
    ...
    odoo.addons.nox_voip_service.policy.errors.PolicyError: not_exact value=20.5
    """
    _check_exact(content)
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 hexadecimal digits.

    >>> digest("")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def _check_exact(content: Any) -> None:
    if isinstance(content, float):
        raise PolicyError("not_exact", value=content)
    if isinstance(content, Mapping):
        for value in content.values():
            _check_exact(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _check_exact(value)
