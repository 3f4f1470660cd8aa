from odoo import models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    def _hook_if_success(self, moves_data, from_cron=False):
        """An invoice of the run that reached nobody is not sent: Odoo calls it so as
        soon as it has its PDF, and leaves out silently who has no e-mail address."""
        res = super()._hook_if_success(moves_data, from_cron=from_cron)
        for move, data in moves_data.items():
            if move.service_run_id and set(data["sending_methods"]) == {"email"}:
                move.is_move_sent = self._is_applicable_to_move("email", move, **data)
        return res
