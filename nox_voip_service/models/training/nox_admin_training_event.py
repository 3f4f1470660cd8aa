from odoo import Command, fields, models


class NoxAdminTraining(models.Model):
    """A planned training stands in Odoo's calendar: one meeting for the people of one
    customer who come together, with them and the trainer invited."""

    _inherit = "nox.admin.training"

    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def unlink(self):
        events = self.event_id
        res = super().unlink()
        events._drop_when_empty()
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _get_event_fields(self):
        """What the meeting in the calendar follows."""
        return {
            "start_at",
            "hours",
            "trainer_id",
            "partner_id",
            "pbx_id",
            "is_cancelled",
            "is_external",
        }

    def _event_key(self):
        """Places with the same key are one meeting. People of two customers never see
        each other's invitation (docs/ARCHITECTURE.md#companies-do-not-meet)."""
        self.ensure_one()
        return (
            self.company_id,
            self.commercial_partner_id,
            self.start_at,
            self.stop_at,
            self.trainer_id,
        )

    def _sync_events(self):
        """Bring the calendar in line with these places.

        In sudo: a meeting belongs to its trainer, and whoever plans a training need
        not be able to write in his calendar. All values come from the place.
        """
        if self.env.context.get("nox_training_from_calendar"):
            return
        for training in self.sudo().filtered(lambda t: not t.result):
            before = training.event_id
            if training.state == "planned" and not training.is_external:
                training.event_id = training._find_event()
                training.event_id._invite_training()
            else:
                training.event_id = False
            if before and before != training.event_id:
                before._invite_training()
                before._drop_when_empty()

    def _find_event(self):
        """The meeting of this place: its own moved along, that of its companions, or
        a new one."""
        self.ensure_one()
        company, customer, start, stop, trainer = self._event_key()
        companions = self.search(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", customer.id),
                ("start_at", "=", start),
                ("stop_at", "=", stop),
                ("trainer_id", "=", trainer.id),
                ("event_id.start", "=", start),
                ("event_id.stop", "=", stop),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if companions:
            return companions.event_id
        own = self.event_id
        if own and all(
            place._event_key() == self._event_key() for place in own.training_ids
        ):
            own.with_context(nox_training_from_calendar=True).write(
                {
                    "start": start,
                    "stop": stop,
                    "user_id": trainer.id or self.env.user.id,
                }
            )
            return own
        return self.env["calendar.event"].create(self._prepare_event_vals())

    def _prepare_event_vals(self):
        self.ensure_one()
        people = self.trainer_id.partner_id | self.partner_id
        return {
            "name": self.with_context(
                lang=self.partner_id._service_lang()
            )._event_title(),
            "start": self.start_at,
            "stop": self.stop_at,
            "user_id": self.trainer_id.id or self.env.user.id,
            "partner_ids": [Command.set(people.ids)],
            # At once: the invitations go out while the meeting is made.
            "training_ids": [Command.link(self.id)],
        }

    def _event_title(self):
        """In the language of the environment, which is that of who is trained."""
        return self.env._(
            "Administrator training %(customer)s",
            customer=self.commercial_partner_id.name or "",
        )
