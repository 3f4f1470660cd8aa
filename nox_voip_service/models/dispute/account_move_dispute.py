from odoo import fields, models
from odoo.exceptions import UserError

from ..base.guard import for_readers


class AccountMove(models.Model):
    """The questions that a customer has about an invoice, and its lines as the
    portal explains them."""

    _inherit = "account.move"

    dispute_ids = fields.One2many("nox.invoice.dispute", "move_id", readonly=True)
    dispute_count = fields.Integer(compute="_compute_dispute_count")
    open_dispute_count = fields.Integer(compute="_compute_dispute_count")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_dispute_count(self):
        found = {}
        if self.env["nox.invoice.dispute"].has_access("read"):
            groups = self.env["nox.invoice.dispute"]._read_group(
                [("move_id", "in", self.ids)], ["move_id", "is_open"], ["__count"]
            )
            found = {(move.id, is_open): count for move, is_open, count in groups}
        for move in self:
            move.open_dispute_count = found.get((move.id, True), 0)
            move.dispute_count = move.open_dispute_count + found.get(
                (move.id, False), 0
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def button_cancel(self):
        res = super().button_cancel()
        self.invoice_line_ids.sudo().dispute_id._reopen_without_credit()
        return res

    @for_readers
    def action_view_disputes(self):
        """The questions about this invoice; a new one is about one of its lines."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "nox_voip_service.nox_invoice_dispute_action"
        )
        return dict(
            action,
            domain=[("move_id", "=", self.id)],
            context={"invoice_id": self.id},
        )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _is_customers_document(self):
        """A posted invoice or credit note: what it asks for is asked, whether or not
        its PDF was made already."""
        self.ensure_one()
        return self.state == "posted" and self.move_type in (
            "out_invoice",
            "out_refund",
        )

    def _get_invoice_pdf_proforma(self):
        """The base calls a posted invoice a pro forma until its PDF is made: with the
        first mail, or never where the run only posts. Its customer reads what it
        is."""
        if not self._is_customers_document():
            return super()._get_invoice_pdf_proforma()
        report = "account.account_invoices"
        Report = self.env["ir.actions.report"]
        content, kind = Report._pre_render_qweb_pdf(report, self.ids)
        return {
            "filename": self._get_invoice_report_filename(),
            "filetype": "pdf",
            "content": Report._get_splitted_report(report, content, kind)[self.id],
        }

    def _dispute_owner(self):
        """Who answers: the one set for the company, else the invoice's own person,
        else the first accountant of the company."""
        self.ensure_one()
        company = self.company_id.sudo()
        accountants = self.env.ref("nox_voip_service.group_accountant").sudo()
        users = accountants.all_user_ids.filtered(
            lambda user: not user.share and company in user.company_ids
        ).sorted("id")
        for user in company.service_dispute_user_id | self.sudo().invoice_user_id:
            if user in users:
                return user
        people = users.filtered(lambda user: user.login != "__system__")
        return people[:1] or users[:1]

    def _dispute_line(self, line_id, remark, partner):
        """Question a line of this invoice.

        In sudo because a customer may do this one thing with an invoice that the
        caller has checked the customer's access to; everything but the remark comes
        from the line.

        :param line_id: id of a line, which need not be of this invoice
        :raises UserError: with a sentence for the customer
        """
        self.ensure_one()
        line = self.sudo().invoice_line_ids.filtered(lambda line: line.id == line_id)
        if not line._can_be_disputed():
            raise UserError(self.env._("This line cannot be questioned."))
        if line.dispute_ids.filtered("is_open"):
            raise UserError(
                self.env._("This line is questioned already; we will answer soon.")
            )
        return (
            self.env["nox.invoice.dispute"]
            .sudo()
            .create(
                {"move_line_id": line.id, "remark": remark, "partner_id": partner.id}
            )
        )

    def _portal_explained_lines(self, viewer):
        """The lines of this invoice as its portal page explains them; empty when
        none of them is ours.

        :param viewer: the user who looks, to whom only own tickets are linked
        """
        self.ensure_one()
        if not self._is_customers_document():
            return []
        lines = self.sudo().invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        tickets = lines.sale_line_ids.order_id.service_ticket_id
        trainings = lines.sale_line_ids.training_ids
        if not tickets and not trainings and not lines.seat_charge_id:
            return []
        readable = {}
        if not viewer._is_public():
            for name, records in (
                ("ticket", tickets),
                ("charge", lines.seat_charge_id),
            ):
                readable[name] = records.with_user(viewer)._filtered_access("read")
        return [line._portal_explanation(readable) for line in lines]
