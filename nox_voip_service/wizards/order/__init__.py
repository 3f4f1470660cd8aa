"""The page that proves a quote's approval."""

from . import nox_quote_proof
