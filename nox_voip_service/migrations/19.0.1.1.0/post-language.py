"""Contacts whose language was switched off are addressed in the company's language:
in theirs Odoo makes no document."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if version:
        env = api.Environment(cr, SUPERUSER_ID, {})
        known = [code for code, _name in env["res.lang"].get_installed()]
        people = env["res.partner"].search([("lang", "not in", [*known, False])])
        people._speak_a_known_language()
