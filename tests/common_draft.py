from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common_notice import NoxNoticeCommon

JOBS = ("cron_coverage_publish", "cron_notices")


@tagged("standard", "post_install", "-at_install")
class NoxDraftCommon(NoxNoticeCommon):
    """A contract that is to include new numbers from 1 April 2027 on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.service_notice_days = 20
        cls.plan = cls._own_plan(cls.contract_plan, name="Contract")
        cls.pbx = cls._pbx(
            cls.plan, accepted_on=date(2026, 1, 1), name="Winkel en bakkerij"
        )

    def _asked(self, on, category="new_number", minutes=20, pbx=None, **values):
        day = date.fromisoformat(on)
        with freeze_time(f"{on} 09:00"):
            ticket = self._ticket(pbx or self.pbx, category, requested_on=day, **values)
            if minutes:
                self._log(ticket, minutes, day=day)
        return ticket

    @freeze_time("2027-03-10 09:00")
    def _draft(self, **values):
        """The plan's table with new numbers covered, as a manager makes it."""
        action = self.plan.with_user(self.manager).action_draft_table()
        draft = self.env["nox.coverage.draft"].browse(action["res_id"])
        draft = draft.with_user(self.manager)
        row = draft.rule_ids.filtered(lambda row: row.change_scope == "number_addition")
        row.write({"outcome": "covered", "work_location": "remote", **values})
        draft.date_start = date(2027, 4, 1)
        return draft

    def _at(self, moment, method, *args):
        with freeze_time(moment):
            return method(*args)

    def _published(self, told="2027-03-10"):
        """Announced, and the mails of the letters left on a day; None: none left."""
        draft = self._draft()
        self._at("2027-03-10 09:00", draft.action_publish)
        if told:
            self._sent(draft.notice_ids, told)
        return draft

    def _jobs(self, moment):
        """What runs by itself: tables and letters come into force."""
        for job in JOBS:
            with freeze_time(moment), self.enter_registry_test_mode():
                self.env.flush_all()
                self.env.ref(f"nox_voip_service.{job}").method_direct_trigger()
            self.env.invalidate_all()
