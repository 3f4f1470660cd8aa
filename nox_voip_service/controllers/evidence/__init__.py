"""The evidence of an invoice, for who may read the invoice."""

from . import evidence
