from odoo import fields, models


class CalendarAttendee(models.Model):
    """Whoever is invited to a training reads when it is, in the own language.

    Odoo's invitation has no Dutch text of its own any more, and tells a person
    without a time zone the hour of whoever planned it.
    """

    _inherit = "calendar.attendee"

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    def _compute_mail_tz(self):
        res = super()._compute_mail_tz()
        for attendee in self.filtered(lambda attendee: not attendee.mail_tz):
            company = attendee.event_id.sudo().training_ids.company_id[:1]
            if company:
                attendee.mail_tz = company._service_timezone().zone
        return res

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        """Trainings have an invitation of their own; nobody is invited to one that is
        over and is recorded afterwards."""
        # In sudo: who moves a meeting need not have rights on trainings.
        trained = self.filtered(lambda attendee: attendee.event_id.sudo().training_ids)
        res = super(CalendarAttendee, self - trained)._notify_attendees(
            mail_template, notify_author=notify_author, force_send=force_send
        )
        now = fields.Datetime.now()
        coming = trained.filtered(lambda attendee: attendee.event_id.stop > now)
        if coming:
            super(CalendarAttendee, coming)._notify_attendees(
                self._training_template(mail_template),
                notify_author=notify_author,
                force_send=force_send,
            )
        return res

    def _training_template(self, mail_template):
        """Our own text in place of Odoo's invitation and of its change of date."""
        moved = self.env.ref(
            "calendar.calendar_template_meeting_changedate", raise_if_not_found=False
        )
        invited = self.env.ref(
            "calendar.calendar_template_meeting_invitation", raise_if_not_found=False
        )
        own = self.env.ref(
            "nox_voip_service.mail_template_training_invitation",
            raise_if_not_found=False,
        )
        if own and mail_template and mail_template in (moved | invited):
            return own.with_context(nox_training_moved=mail_template == moved)
        return mail_template
