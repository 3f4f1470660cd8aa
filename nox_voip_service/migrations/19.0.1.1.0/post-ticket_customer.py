"""A request about a PBX belongs to the customer of the PBX, whoever asked it.

Until 19.0.1.1.0 the customer of a request was the company of its contact.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    Ticket = env["helpdesk.ticket"]
    tickets = Ticket.search([("pbx_id", "!=", False)])
    env.add_to_compute(Ticket._fields["commercial_partner_id"], tickets)
    tickets.flush_recordset(["commercial_partner_id"])
