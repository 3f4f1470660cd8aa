from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _locked_increment(self, format_string, format_values):
        """Jobs of a run that are at work at once number one after another, each to its
        commit: numbers have no gaps. With the first number of a job it is its turn,
        however long the others take; nothing else is waited for like that."""
        if not self.service_run_id or self._get_sequence_cache():
            return super()._locked_increment(format_string, format_values)
        self.env.cr.execute("SET LOCAL lock_timeout = 0")
        number = super()._locked_increment(format_string, format_values)
        self.service_run_id._wait_no_longer()
        return number
