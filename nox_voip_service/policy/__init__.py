"""The rules of the service terms: plain Python, no Odoo, no clock, no I/O."""
