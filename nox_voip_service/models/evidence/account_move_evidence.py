import base64
import json
import logging

from odoo import fields, models

from ...policy import evidence
from ..billing.nox_billing_run_customer import CONCURRENCY_ERRORS
from .collector import Collector, Shared

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    """The evidence of an invoice: everything that led to each of its lines, gathered
    when it is posted and kept with it."""

    _inherit = "account.move"

    evidence_file = fields.Binary(
        string="Evidence",
        attachment=True,
        readonly=True,
        copy=False,
        help="What led to each line, as data that anybody can recompute.",
    )
    evidence_head = fields.Char(
        string="Head of the evidence",
        readonly=True,
        copy=False,
        help="SHA-256 over all parts of the evidence: who knows it knows the pack.",
    )
    evidence_made_at = fields.Datetime(
        string="Evidence made at", readonly=True, copy=False
    )
    evidence_failure = fields.Char(
        string="Why there is no evidence", readonly=True, copy=False
    )
    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._with_evidence()._keep_evidence()
        return posted

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _with_evidence(self):
        """The invoices and credit notes that bill something of ours."""
        return self.filtered(
            lambda move: (
                move.is_sale_document()
                and move.state == "posted"
                and (move.service_cents or move.has_service_work)
            )
        )

    def _keep_evidence(self, is_later=False):
        """Make the packs of these invoices and keep them.

        An invoice is posted whatever becomes of its evidence: a failure is written on
        it, for whoever looks at the list of what is missing, and tried again by night.

        :param is_later: not with the posting: the facts are those of today
        """
        moves = self.sudo()
        if not moves:
            return
        try:
            with self.env.cr.savepoint():
                for move, pack in moves._evidence_packs(is_later).items():
                    move._store_evidence(pack)
                self.env.flush_all()
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:
            self.env.invalidate_all()
            if len(moves) > 1:
                for move in moves:
                    move._keep_evidence(is_later)
                return
            _logger.exception("The evidence of %s could not be made", moves.name)
            moves.evidence_failure = self.env._(
                "The evidence could not be made: %(error)s", error=str(error)[:300]
            )

    def _evidence_packs(self, is_later=False):
        """``{invoice: its pack}``; the queries do not grow with the invoices or what
        is on them.

        In sudo: a pack says the same, whoever posts the invoice.
        """
        now = fields.Datetime.now()
        packs = {}
        for lang, moves in (
            self.sudo().grouped(lambda move: move.partner_id._service_lang()).items()
        ):
            moves = moves.with_context(lang=lang)
            shared = Shared(moves)
            for move in moves:
                pack = Collector(move, shared)
                move._evidence_part(pack, now)
                if is_later:
                    move._evidence_note_later(pack)
                packs[self.browse(move.id)] = evidence.pack(pack.parts())
        return packs

    def _evidence_note_later(self, pack):
        pack.note(
            "made_later",
            self.env._(
                "This evidence was made after the invoice was posted: facts that were"
                " changed in between are shown as they are now."
            ),
        )

    def _store_evidence(self, pack):
        self.ensure_one()
        text = json.dumps(pack, ensure_ascii=False, indent=1)
        old = self.evidence_head
        self.write(
            {
                "evidence_file": base64.b64encode(text.encode()),
                "evidence_head": pack["head"],
                "evidence_made_at": fields.Datetime.now(),
                "evidence_failure": False,
            }
        )
        if old and old != pack["head"]:
            self.message_post(
                body=self.env._(
                    "The evidence was made anew. The one before had the head %(head)s.",
                    head=old,
                )
            )

    def _evidence_pack(self):
        """The pack that is kept with this invoice, as data; None when there is none."""
        self.ensure_one()
        content = self.sudo().evidence_file
        return json.loads(base64.b64decode(content)) if content else None
