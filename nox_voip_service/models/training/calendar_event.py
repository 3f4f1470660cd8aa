from odoo import Command, fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    training_ids = fields.One2many("nox.admin.training", "event_id", readonly=True)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        """Who moves the meeting in the calendar moves the trainings in it that have no
        result."""
        res = super().write(vals)
        if vals.keys() & {
            "start",
            "stop",
            "duration",
            "start_date",
            "stop_date",
        } and not self.env.context.get("nox_training_from_calendar"):
            for event in self.sudo().filtered("training_ids"):
                event.training_ids.filtered(lambda t: not t.result).with_context(
                    nox_training_from_calendar=True
                ).write({"start_at": event.start, "hours": event.duration})
        return res

    def unlink(self):
        """A meeting that is deleted leaves its places to be planned again."""
        trainings = self.sudo().training_ids.filtered(lambda t: not t.result)
        res = super().unlink()
        trainings.with_context(nox_training_from_calendar=True).write(
            {"start_at": False}
        )
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _invite_training(self):
        """Invite who has a place, and nobody else."""
        for event in self.filtered("training_ids"):
            people = event.training_ids.partner_id | event.user_id.partner_id
            if event.partner_ids != people:
                event.with_context(nox_training_from_calendar=True).write(
                    {"partner_ids": [Command.set(people.ids)]}
                )

    def _drop_when_empty(self):
        """Take meetings without any place left out of the calendar."""
        self.sudo().exists().filtered(lambda event: not event.training_ids).unlink()
