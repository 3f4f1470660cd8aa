import io

from odoo import models

QUOTE = "sale.action_report_saleorder"


class IrActionsReport(models.Model):
    """An approved quote is the paper that was approved, whoever prints it."""

    _inherit = "ir.actions.report"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        if not res_ids or self._get_report(report_ref) != self.env.ref(QUOTE):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        orders = self.env["sale.order"].browse(res_ids)
        papers = {order.id: order.sudo()._approved_paper() for order in orders}
        kept = {
            number: paper
            for number, paper in papers.items()
            if paper.mimetype == "application/pdf"
        }
        others = [number for number in res_ids if number not in kept]
        made = (
            super()._render_qweb_pdf_prepare_streams(report_ref, data, others)
            if others
            else {}
        )
        for number, copy in kept.items():
            made[number] = {"stream": io.BytesIO(copy.raw), "attachment": None}
        # In the order in which they were asked for.
        order = {number: place for place, number in enumerate(res_ids)}
        return dict(sorted(made.items(), key=lambda each: order.get(each[0], -1)))
