from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..policy import ledger
from .guard import for_readers


class NoxSeatCompare(models.TransientModel):
    """Compare the users of a PBX with a list from the PBX itself: who is to be
    added, who to be ended, who is the same, who is doubtful. Chosen rows apply, all
    of them or none."""

    _name = "nox.seat.compare"
    _description = "Compare Users with a List"

    pbx_id = fields.Many2one("nox.pbx", string="PBX", required=True)
    date = fields.Date(
        string="Changes from",
        required=True,
        default=lambda self: self.env.company._service_today(),
        help="First day of users to be added; the day after the last day of users to"
        " be ended.",
    )
    text = fields.Text(
        string="Pasted list",
        help="One user a line: extension, a tab, comma or semicolon, and the name.",
    )
    file = fields.Binary(string="CSV or XLSX file", attachment=False)
    file_name = fields.Char()
    line_ids = fields.One2many("nox.seat.compare.line", "compare_id")
    summary = fields.Char(compute="_compute_summary")
    # === What the rows were compared with: they apply to nothing else ===
    compared_pbx_id = fields.Many2one("nox.pbx", readonly=True)
    compared_date = fields.Date(readonly=True)
    # === The question before anything changes ===
    is_asking = fields.Boolean(readonly=True)
    question = fields.Text(compute="_compute_question")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("line_ids.kind")
    def _compute_summary(self):
        for compare in self:
            count = {
                kind: len(lines)
                for kind, lines in compare.line_ids.grouped("kind").items()
            }
            compare.summary = self.env._(
                "%(add)s to be added, %(end)s to be ended, %(doubtful)s doubtful,"
                " %(same)s unchanged",
                **{k: count.get(k, 0) for k in ("add", "end", "doubtful", "same")},
            )

    @api.depends("pbx_id", "date", "line_ids.is_selected", "line_ids.solution")
    def _compute_question(self):
        """Whose users change, from when, and how many."""
        for compare in self:
            count = {
                change: len(lines)
                for change, lines in compare._chosen_lines()
                .grouped(lambda line: line._change())
                .items()
            }
            compare.question = self.env._(
                "Users of %(pbx)s of %(customer)s, from %(date)s: %(add)s to be added,"
                " %(end)s to be ended, %(replace)s to be replaced, %(correct)s to be"
                " corrected. Apply this?",
                pbx=compare.pbx_id.name or "",
                customer=compare.pbx_id.partner_id.display_name or "",
                date=format_date(self.env, compare.date),
                **{k: count.get(k, 0) for k in ("add", "end", "replace", "correct")},
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_compare(self):
        self.ensure_one()
        rows = self._read_rows()
        self.line_ids = [Command.clear()] + [
            Command.create(vals) for vals in self._prepare_lines(rows)
        ]
        self.write(
            {
                "compared_pbx_id": self.pbx_id.id,
                "compared_date": self.date,
                "is_asking": False,
            }
        )
        return self._reopen()

    @for_readers
    def action_ask(self):
        """Show how many users would change, before they do."""
        self.ensure_one()
        self._check_chosen()
        self.is_asking = True
        return self._reopen()

    @for_readers
    def action_back(self):
        """Back to the rows."""
        self.ensure_one()
        self.is_asking = False
        return self._reopen()

    @for_readers
    def action_apply(self):
        self.ensure_one()
        self._check_chosen()
        chosen = self._chosen_lines()
        by_kind = chosen.grouped("kind")
        none = self.line_ids.browse()
        by_kind.get("end", none)._end_users()
        by_kind.get("doubtful", none)._settle_doubts()
        by_kind.get("add", none)._add_users()
        # A note of what was done, by technicians who may not change the PBX itself.
        self.pbx_id.sudo().message_post(
            body=self.env._(
                "Users compared with a list of the PBX: %(summary)s; %(rows)s rows"
                " applied.",
                summary=self.summary,
                rows=len(chosen),
            )
        )
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _reopen(self):
        return {
            "name": self.env._("Compare with a list"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _chosen_lines(self):
        return self.line_ids.filtered(
            lambda line: line.is_selected and line.kind != "same"
        )

    def _check_chosen(self):
        """The rows are of the PBX and the day that they were compared with: on
        another customer's PBX they would add and end the wrong users."""
        if not self._chosen_lines():
            raise UserError(self.env._("Choose the rows to apply."))
        if (self.pbx_id, self.date) != (self.compared_pbx_id, self.compared_date):
            raise UserError(
                self.env._("The PBX or the day is another one. Compare again first.")
            )

    def _known_seats(self):
        """Users on the day; of a leaver and successor who share it, the latter."""
        Seat = self.env["nox.pbx.seat"]
        running = Seat.search(
            [*Seat._running_domain(self.date), ("pbx_id", "=", self.pbx_id.id)]
        )
        return running - running.replaces_id

    def _prepare_lines(self, rows):
        """Values of a line for every difference, and for what is the same."""
        known = [
            ledger.Known(seat.id, seat.extension, seat.name)
            for seat in self._known_seats()
        ]
        for found in ledger.compare(rows, known):
            listed, seat = found.listed, found.known
            yield {
                "row": listed.row if listed else 0,
                "extension": (listed or seat).extension,
                "name": (listed or seat).name,
                "seat_id": seat.key if seat else False,
                "kind": found.kind,
                "doubt": found.doubt or False,
                "solution": found.proposal or False,
                # What is doubtful needs a person to say so.
                "is_selected": found.kind in ("add", "end"),
            }
