import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.guard import for_readers


class NoxInvoiceEvidence(models.Model):
    """The evidence pack of an invoice as it was made, or why it could not be.

    Never changed: an invoice that is posted anew gets another one beside it, so that
    a head that somebody was given can always be found.
    """

    _name = "nox.invoice.evidence"
    _description = "Evidence of an Invoice"
    _order = "id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True)
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer"
    )
    invoice_date = fields.Date(related="move_id.invoice_date", store=True)
    head = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="SHA-256 over all parts: who knows it knows the pack.",
    )
    file = fields.Binary(
        string="Evidence (JSON)", attachment=True, readonly=True, copy=False
    )
    file_name = fields.Char(compute="_compute_file_name")
    is_later = fields.Boolean(
        string="Made afterwards",
        readonly=True,
        help="Not when the invoice was posted: it shows the facts of the day on which"
        " it was made.",
    )
    failure = fields.Char(string="Why there is none", readonly=True)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("move_id.name", "head")
    def _compute_file_name(self):
        """With the begin of its head: an invoice that was posted anew has two."""
        for evidence in self:
            name = (evidence.move_id.name or "").replace("/", "-")
            evidence.file_name = f"{name}.{(evidence.head or '')[:8]}.evidence.json"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if vals.keys() & {"move_id", "head", "file", "is_later"}:
            raise UserError(
                self.env._("Evidence is what was, and does not change."),
            )
        return super().write(vals)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_print(self):
        return self.move_id.action_print_evidence()

    @for_readers
    def action_download(self):
        """The file of one, or a zip of the files of several."""
        made = self.filtered("head")
        if not made:
            raise UserError(self.env._("There is no evidence to download here."))
        url = (
            f"/web/content/{self._name}/{made.id}/file/{made.file_name}?download=true"
            if len(made) == 1
            else f"/service/evidence.zip?ids={','.join(map(str, made.ids))}"
        )
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _keep(self, packs, is_later):
        """Keep the packs of these invoices; a failure of before is told no more.

        :param packs: ``{invoice: pack}``
        """
        moves = self.env["account.move"].union(*packs).sudo()
        moves.evidence_ids.filtered("failure").unlink()
        return self.create(
            [
                {
                    "move_id": move.id,
                    "head": pack["head"],
                    "file": base64.b64encode(self._text_of(pack).encode()),
                    "is_later": is_later,
                }
                for move, pack in packs.items()
            ]
        )

    @api.model
    def _keep_failure(self, move, error):
        """Say why an invoice has no evidence."""
        move.sudo().evidence_ids.filtered("failure").unlink()
        return self.create(
            {
                "move_id": move.id,
                "failure": self.env._(
                    "The evidence could not be made: %(error)s", error=str(error)[:300]
                ),
            }
        )

    @api.model
    def _cron_missing_evidence(self):
        """Daily: try again what could not be made, one invoice a transaction."""
        progress = self.env["ir.cron"]._commit_progress
        moves = self.search([("failure", "!=", False)]).move_id
        progress(remaining=len(moves))
        for move in moves:
            move._keep_missing_evidence()
            if not progress(1):
                break

    @api.model
    def _text_of(self, pack):
        """A pack as JSON, each part on a line of its own."""
        parts = ",\n".join(
            json.dumps(part, ensure_ascii=False) for part in pack["parts"]
        )
        rest = json.dumps({**pack, "parts": []}, ensure_ascii=False)
        return rest.replace('"parts": []', f'"parts": [\n{parts}\n]', 1) + "\n"

    def _pack(self):
        """The pack as data; None where there is none."""
        return json.loads(base64.b64decode(self.file)) if self.file else None

    def _mail_attachment(self):
        """The file as an attachment of the invoice, for its mail; one for a head."""
        Attachment = self.env["ir.attachment"]
        if not self:
            return Attachment
        values = {
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "name": self.file_name,
            "description": self.head,
        }
        found = Attachment.search(
            [(name, "=", value) for name, value in values.items()], limit=1
        )
        return found or Attachment.create(
            {**values, "datas": self.file, "mimetype": "application/json"}
        )
