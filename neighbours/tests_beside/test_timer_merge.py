"""Two kinds of glue that meet."""

from odoo.tests import tagged

from odoo.addons.nox_voip_service.tests.common import NoxVoipCommon


@tagged("standard", "post_install", "-at_install")
class TestTimerMerge(NoxVoipCommon):
    def test_a_running_timer_goes_along_with_a_merged_ticket(self):
        pbx = self._pbx(self.standard)
        tickets = kept, merged = self._ticket(pbx), self._ticket(pbx)
        merged.with_user(self.technician).button_start_work()
        timer = merged.timer_ids
        ids = [ticket.id for ticket in tickets]
        dialogs = self.env["helpdesk.ticket.merge"].with_user(self.coordinator)
        dialogs.with_context(active_ids=ids).create({}).merge_tickets()
        self.assertEqual(kept.timer_ids, timer)
        self.assertFalse(merged.active)
