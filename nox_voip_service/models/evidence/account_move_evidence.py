import logging

from odoo import api, fields, models

from ...policy import evidence
from ..base.guard import for_readers
from ..billing.nox_billing_run_customer import CONCURRENCY_ERRORS
from .collector import Collector, Shared

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    """The evidence of an invoice: everything that led to each of its lines, gathered
    when it is posted."""

    _inherit = "account.move"

    evidence_ids = fields.One2many("nox.invoice.evidence", "move_id", readonly=True)
    evidence_head = fields.Char(
        string="Head of the evidence",
        compute="_compute_evidence_head",
        help="SHA-256 over all parts of the evidence: who knows it knows the pack.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("evidence_ids.head", "state")
    def _compute_evidence_head(self):
        """In sudo: whoever reads the invoice may check its evidence."""
        for move in self:
            move.evidence_head = move._evidence().head

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._with_evidence()._keep_evidence()
        return posted

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_evidence(self):
        """Show the evidence; of an invoice from before it was kept it is made now."""
        self._with_evidence().filtered(
            lambda move: not move._evidence()
        )._keep_evidence(is_later=True)
        found = self.env["nox.invoice.evidence"].browse(
            [move._evidence().id for move in self if move._evidence()]
        )
        action = {
            "name": self.env._("Evidence"),
            "type": "ir.actions.act_window",
            "res_model": "nox.invoice.evidence",
            "view_mode": "list,form",
            "domain": [("id", "in", found.ids)],
        }
        if len(found) == 1:
            action.update(view_mode="form", res_id=found.id)
        return action

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _with_evidence(self):
        """The posted invoices and credit notes that bill something of ours."""
        return self.filtered(
            lambda move: (
                move.is_sale_document()
                and move.state == "posted"
                and (move.service_cents or move.has_service_work)
            )
        )

    def _evidence(self):
        """The newest evidence of this invoice that was made; in sudo, for whoever may
        read the invoice."""
        self.ensure_one()
        if self.state != "posted":
            return self.sudo().evidence_ids.browse()
        return self.sudo().evidence_ids.filtered("head").sorted("id")[-1:]

    def _keep_evidence(self, is_later=False):
        """Make the packs of these invoices and keep them.

        An invoice is posted whatever becomes of its evidence: a failure is kept in its
        place, for whoever looks at the list of them, and it is tried again by night.

        :param is_later: not with the posting: the facts are those of today
        """
        if not self:
            return
        Evidence = self.env["nox.invoice.evidence"].sudo()
        try:
            with self.env.cr.savepoint():
                Evidence._keep(self._evidence_packs(is_later), is_later)
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:
            self.env.invalidate_all()
            if len(self) > 1:
                for move in self:
                    move._keep_evidence(is_later)
                return
            _logger.exception("The evidence of %s could not be made", self.name)
            Evidence._keep_failure(self, error)

    def _evidence_packs(self, is_later=False):
        """``{invoice: its pack}``; the queries do not grow with the invoices or what
        is on them.

        In sudo: a pack says the same, whoever posts the invoice.
        """
        now = fields.Datetime.now()
        packs = {}
        self.sudo().partner_id.mapped("company_id")
        by_lang = self.sudo().grouped(lambda move: move.partner_id._service_lang())
        for lang, moves in by_lang.items():
            moves = moves.with_context(lang=lang)
            shared = Shared(moves)
            for move in moves:
                pack = Collector(move, shared)
                move._evidence_part(pack, now)
                if is_later:
                    pack.note("made_later", move._evidence_later_text())
                packs[self.browse(move.id)] = evidence.pack(pack.parts())
        return packs

    def _evidence_later_text(self):
        return self.env._(
            "This evidence was made after the invoice was posted: facts that were"
            " changed in between are shown as they are now."
        )

    def _evidence_pack(self):
        """The pack that is kept with this invoice, as data; None when there is none."""
        self.ensure_one()
        return self._evidence()._pack()
