from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...models.base.guard import by_code, for_readers
from ...policy import notice


class NoxNoticePost(models.TransientModel):
    """A letter that went by post: who did it, when, and how it can be proven."""

    _name = "nox.notice.post"
    _description = "Letter Done by Post"

    notice_id = fields.Many2one("nox.notice", required=True, readonly=True)
    day_in_force = fields.Date(related="notice_id.day_in_force")
    posted_on = fields.Date(
        required=True, default=lambda self: self.env.company._service_today()
    )
    note = fields.Char(
        string="How",
        required=True,
        help="By registered mail with its number, or by ordinary mail.",
    )
    proof = fields.Binary(attachment=False)
    proof_name = fields.Char()

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("posted_on", "notice_id")
    def _check_posted_on(self):
        for post in self:
            if post.posted_on > post.notice_id.company_id._service_today():
                raise ValidationError(
                    self.env._("A letter cannot have been posted in the future.")
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_post(self):
        self.ensure_one()
        letter = self.notice_id
        letter._check_may_tell()
        if not letter.attachment_id:
            raise UserError(self.env._("Print the letter first."))
        written_on = letter.company_id._service_day(letter.attachment_id.create_date)
        if self.posted_on < written_on:
            raise UserError(
                self.env._(
                    "The letter was written on %(date)s: it cannot have been posted"
                    " before.",
                    date=format_date(self.env, written_on),
                )
            )
        if notice.lack(self.posted_on, letter.day_in_force, letter.term_days):
            raise UserError(
                self.env._(
                    "The printed letter names %(date)s, less than %(days)s days after"
                    " it was posted. Print it again: it then names a later day.",
                    date=format_date(self.env, letter.day_in_force),
                    days=letter.term_days,
                )
            )
        by_code(letter).write(
            {
                "by_post": True,
                "posted_on": self.posted_on,
                "posted_by_id": self.env.uid,
                "posted_note": self.note,
            }
        )
        attachments = self.env["ir.attachment"]
        if self.proof:
            attachments = attachments.create(
                {
                    "name": self.proof_name or self.env._("Proof of posting"),
                    "datas": self.proof,
                    "res_model": letter._name,
                    "res_id": letter.id,
                }
            )
        letter.message_post(
            body=self.env._(
                "Posted on %(date)s by %(name)s: %(how)s",
                date=format_date(self.env, self.posted_on),
                name=self.env.user.name,
                how=self.note,
            ),
            attachment_ids=(letter.attachment_id | attachments).ids,
        )
        own = letter._in_staff_language()
        letter._tell_pbxs(
            {
                letter: own.env._(
                    "by post on %(date)s", date=format_date(own.env, self.posted_on)
                )
            }
        )
        letter._close_alarms()
        return {"type": "ir.actions.act_window_close"}
