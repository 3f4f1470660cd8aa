from odoo import Command
from odoo.tests import tagged

from ..common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestStages(NoxVoipCommon):
    """Which stages a team has is remembered, and forgotten when it changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx = cls._pbx(cls.standard)
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {"name": "Support", "company_id": cls.company.id}
        )

    def _first(self, team=None):
        """The stage in which a new ticket begins."""
        values = {"team_id": team.id, "user_id": False} if team else {}
        return self._ticket(self.pbx, **values).stage_id

    def _stage(self, **values):
        stages = self.env["helpdesk.ticket.stage"]
        return stages.create({"name": "Intake", "sequence": -9, **values})

    def test_a_new_stage_and_another_order(self):
        before = self._first()
        intake = self._stage(company_id=False)
        self.assertEqual(self._first(), intake)
        intake.sequence = 99
        self.assertEqual(self._first(), before)
        intake.sequence = -9
        self.assertEqual(self._first(), intake)
        intake.active = False
        self.assertEqual(self._first(), before)
        spare = self._stage(sequence=-10)
        team = self.env["helpdesk.ticket.team"]
        self.assertEqual(team._get_applicable_stages()[:1], spare)
        spare.unlink()
        self.assertEqual(self._first(), before)

    def test_a_stage_of_one_team_and_of_one_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        before = self._first(self.team)
        intake = self._stage(company_id=False, team_ids=[Command.link(self.team.id)])
        self.assertEqual(self._first(self.team), intake)
        self.assertEqual(self._first(), before)
        intake.company_id = elsewhere
        self.assertEqual(self._first(self.team), before)
        self.assertNotIn(intake, self.team._get_applicable_stages())
        self.team.company_id = elsewhere
        self.assertIn(intake, self.team._get_applicable_stages())
        intake.write({"company_id": False, "team_ids": [Command.clear()]})
        self.assertEqual(self._first(), intake)

    def test_a_stage_of_a_team_that_went(self):
        before = self._first()
        intake = self._stage(company_id=False, team_ids=[Command.link(self.team.id)])
        self.assertEqual(self._first(), before)
        self.team.unlink()
        self.assertEqual(self._first(), intake)

    def test_each_sees_the_stages_that_are_his(self):
        """What one user was told is not what another may see."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        intake = self._stage(company_id=elsewhere.id)
        teams = self.env["helpdesk.ticket.team"]
        everybody = teams.with_context(
            allowed_company_ids=[elsewhere.id, *self.company.ids]
        )
        self.assertIn(intake, everybody.sudo()._get_applicable_stages())
        own = teams.with_user(self.technician)
        self.assertNotIn(intake, own._get_applicable_stages())
