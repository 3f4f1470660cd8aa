"""Quotes of before: what was released stays what it was when the first was made.

Until 19.0.1.1.0 a ticket kept its released minutes only where an estimate had made the
quote due. Without this step, time logged after the update would be released beside
quotes that customers approved before it.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if version:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["helpdesk.ticket"]._freeze_release_of_old_quotes()
