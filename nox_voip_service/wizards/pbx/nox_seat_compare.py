from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...models.base.guard import for_readers
from ...models.base.in_force import in_force_domain
from ...policy import seat_compare


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
    # Read at once and never stored: a list may have passwords in it.
    text = fields.Text(
        string="Pasted list",
        compute="_compute_list",
        inverse="_inverse_list",
        help="One user a line: extension, a tab, comma or semicolon, and the name.",
    )
    file = fields.Binary(
        string="CSV or XLSX file",
        compute="_compute_list",
        inverse="_inverse_list",
    )
    file_name = fields.Char()
    line_ids = fields.One2many("nox.seat.compare.line", "compare_id")
    summary = fields.Char(compute="_compute_summary")
    warning = fields.Text(
        readonly=True, help="What is odd about the list: look before you apply it."
    )
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
                " %(same)s unchanged, %(skipped)s rows without a user",
                **{
                    kind: count.get(kind, 0)
                    for kind in ("add", "end", "doubtful", "same", "skipped")
                },
            )

    @api.depends(
        "pbx_id", "date", "warning", "line_ids.is_selected", "line_ids.solution"
    )
    def _compute_question(self):
        """Whose users change, from when, and how many."""
        for compare in self:
            count = {
                change: len(lines)
                for change, lines in compare._chosen_lines()
                .grouped(lambda line: line._change())
                .items()
            }
            question = self.env._(
                "Users of %(pbx)s of %(customer)s, from %(date)s: %(add)s to be added,"
                " %(end)s to be ended, %(replace)s to be replaced, %(correct)s to be"
                " corrected. Apply this?",
                pbx=compare.pbx_id.name or "",
                customer=compare.pbx_id.partner_id.display_name or "",
                date=format_date(self.env, compare.date),
                **{k: count.get(k, 0) for k in ("add", "end", "replace", "correct")},
            )
            compare.question = "\n".join(filter(None, (compare.warning, question)))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_compare(self):
        """Compare, or ask first which column is what."""
        self.ensure_one()
        if self.is_mapping:
            return self._reopen()
        found = self._read_users()
        known = [
            seat_compare.Known(seat.id, seat.extension, seat.name, seat.charged)
            for seat in self._known_seats()
        ]
        findings = seat_compare.compare(found.users, known, found.left)
        doubts = seat_compare.doubts(findings, known)
        is_grave = any(doubt.is_grave for doubt in doubts)
        self.write(
            {
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(self._prepare_line(each, is_grave))
                        for each in findings
                    ),
                ],
                "warning": self._warning_text(doubts),
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
        """Show the rows again; nothing is applied."""
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
        by_kind.get("doubtful", none)._apply_doubtful()
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
            lambda line: line.is_selected and line.kind not in ("same", "skipped")
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
            [*in_force_domain(self.date), ("pbx_id", "=", self.pbx_id.id)]
        )
        return running - running.replaces_id

    def _prepare_line(self, found, is_grave):
        """Values of the line for a difference, or for what is the same. What is
        doubtful needs a person to say so, and so does every row of an odd list."""
        listed, seat, left = found.listed, found.known, found.left
        shown = listed or seat or left
        return {
            "row": (listed or left).row if listed or left else 0,
            "extension": shown.extension,
            "name": shown.name,
            "seat_id": seat.key if seat else False,
            "kind": found.kind,
            "doubt": found.doubt or (left.reason if left else False),
            "remark": left.text if left else False,
            "solution": found.proposal or False,
            "is_selected": found.is_certain and not is_grave,
        }

    def _warning_text(self, doubts):
        """What is odd about the list, in words; False when nothing is."""
        sentences = [self._doubt_text(doubt) for doubt in doubts]
        if any(doubt.is_grave for doubt in doubts):
            sentences.insert(
                0,
                self.env._(
                    "This may be another list, or read wrongly: no row is chosen"
                    " beforehand."
                ),
            )
        if self.is_dos:
            sentences.append(
                self.env._(
                    "The letters were read as those of an old DOS program: look at the"
                    " names with accents."
                )
            )
        return "\n".join(sentences)

    def _doubt_text(self, doubt):
        figures = {
            "count": doubt.rows,
            "total": doubt.total,
            "examples": ", ".join(doubt.examples),
        }
        texts = {
            "logins": self.env._(
                "%(count)s of %(total)s names look like log-ins, mail addresses or"
                " numbers (%(examples)s). Is it the right column?",
                **figures,
            ),
            "outside": self.env._(
                "%(count)s of %(total)s extensions are as long as outside numbers"
                " (%(examples)s). Is it the right column?",
                **figures,
            ),
            "unknown": self.env._(
                "None of the %(total)s extensions of the list (%(examples)s…) is known"
                " here. Is it the list of this PBX?",
                **figures,
            ),
            "ending": self.env._(
                "%(count)s of %(total)s users would end (%(examples)s…), more than a"
                " third. Is the list whole?",
                **figures,
            ),
            "twins": self.env._(
                "Names that stand in the list more than once: %(examples)s. Is that one"
                " user with several devices? Then one row is enough.",
                **figures,
            ),
            "odd": self.env._(
                "Names with odd letters: %(examples)s. Was the file saved in another"
                " encoding?",
                **figures,
            ),
        }
        return texts[doubt.code]
