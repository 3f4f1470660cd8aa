from .common import NoxVoipCommon


class PromiseCase(NoxVoipCommon):
    """A PBX under Standaard, and a coordinator who quotes and splits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)

    def _volunteer(self, ticket, estimate):
        """A coordinator quotes before the hour is reached."""
        ticket.estimated_minutes = estimate
        ticket.with_user(self.coordinator).action_create_quote()
        return ticket.quote_id

    def _split(self, ticket, lines):
        """The ticket that a coordinator makes of some of the time."""
        wizard = (
            self.env["nox.ticket.split"]
            .with_user(self.coordinator)
            .create(
                {
                    "ticket_id": ticket.id,
                    "name": "Part",
                    "category_id": self._category("menu").id,
                    "timesheet_ids": lines.ids,
                }
            )
        )
        return self.env["helpdesk.ticket"].browse(wizard.action_split()["res_id"])
