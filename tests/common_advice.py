from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common_month import NoxMonthCommon

NEW_YEAR = "2027-01-01 06:00:00"


@tagged("standard", "post_install", "-at_install")
class NoxAdviceCommon(NoxMonthCommon):
    """The year 2026 of a PBX, looked at on 1 January 2027."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(
            cls.standard, accepted_on=date(2025, 12, 1), name="Winkel en bakkerij"
        )

    def _request(self, pbx, *minutes, category="call_group", on="2026-03-02", **values):
        day = date.fromisoformat(on)
        with freeze_time(f"{on} 09:00"):
            ticket = self._ticket(pbx, category, requested_on=day, **values)
            self._log(ticket, *minutes, day=day)
        return ticket

    def _advice(self, pbx=None):
        pbx = pbx or self.pbx
        with freeze_time(NEW_YEAR):
            pbx._refresh_advice()
        return self.env["nox.plan.advice"].search([("pbx_id", "=", pbx.id)])

    def _line(self, advice, plan):
        return advice.line_ids.filtered(lambda line: line.plan_id == plan)

    def _contract(self, users, price=5.0, name="Kantoor"):
        """A PBX with a contract since 1 January 2026."""
        customer = self._customer(name)
        pbx = self._pbx(
            self.standard, customer, accepted_on=date(2025, 12, 1), name=name
        )
        self._sell(pbx, price, users)
        return pbx
