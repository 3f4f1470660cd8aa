from odoo import models

from ...policy.evidence import decimal_text
from .collector import day


class NoxAdminTraining(models.Model):
    _inherit = "nox.admin.training"

    def _evidence_part(self, pack):
        """The part that says who was trained; the line of the invoice names him too.

        :return: its id
        """
        return pack.part("training", str(self.id), lambda: self._evidence_content(pack))

    def _evidence_content(self, pack):
        return {
            "person": self.partner_id.name or "",
            "day": day(self.date),
            "hours": decimal_text(self.hours),
            "result": self.result or None,
            "order": self.sale_line_id.order_id._evidence_part(pack),
            "certificate": self.certificate_number or None,
        }
