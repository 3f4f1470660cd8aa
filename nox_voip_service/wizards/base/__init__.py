"""Dialogs of Odoo's own that ours must go along with."""

from . import base_partner_merge
