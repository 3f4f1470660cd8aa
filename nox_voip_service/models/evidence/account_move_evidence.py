import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

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

    has_evidence = fields.Boolean(
        compute="_compute_has_evidence",
        help="A posted invoice or credit note of users, service work or trainings.",
    )

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("evidence_ids.head", "state")
    def _compute_evidence_head(self):
        """In sudo: whoever reads the invoice may check its evidence."""
        for move in self:
            move.evidence_head = move._evidence().head

    @api.depends("state", "move_type", "service_cents")
    def _compute_has_evidence(self):
        for move in self:
            move.has_evidence = bool(move._with_evidence())

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
        self._keep_missing_evidence()
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

    @for_readers
    def action_print_evidence(self):
        return self.env.ref("nox_voip_service.action_report_evidence").report_action(
            self
        )

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

    def _keep_missing_evidence(self):
        """Make the evidence of invoices from before it was kept, or of which it could
        not be made."""
        missing = self._with_evidence().filtered(lambda move: not move._evidence())
        missing._keep_evidence(is_later=True)

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

    # ------------------------------------------------------------------
    # BUSINESS: on paper
    # ------------------------------------------------------------------

    def _evidence_lang(self):
        """In sudo: whoever may read the invoice reads it in its customer's language."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo().partner_id._service_lang()

    def _evidence_filename(self):
        self.ensure_one()
        own = self.with_context(lang=self._evidence_lang())
        return own.env._(
            "Evidence %(number)s", number=(self.name or "").replace("/", "-")
        )

    def _evidence_report(self):
        """Values of the evidence on paper, in the language of the environment."""
        self.ensure_one()
        self.check_access("read")
        self._keep_missing_evidence()
        evidence = self._evidence()
        if not evidence:
            raise UserError(
                self.env._(
                    "%(move)s has no evidence: it is kept of posted invoices with"
                    " users, service work or trainings.",
                    move=self.display_name,
                )
            )
        return evidence._report_values()
