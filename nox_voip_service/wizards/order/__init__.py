"""The page that proves a quote's approval, and the certificate that seals it."""

from . import nox_quote_proof
from . import nox_seal_upload
