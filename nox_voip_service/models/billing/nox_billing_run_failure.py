import traceback

from psycopg2 import Error as DatabaseError

from odoo import models
from odoo.exceptions import UserError

from .nox_billing_run_customer import CONCURRENCY_ERRORS


class NoxBillingRun(models.Model):
    """When the bills of a group cannot be made: whose fault it is, and that nobody else
    has to wait for it (docs/ARCHITECTURE.md#one-failure-stops-nobody-else)."""

    _inherit = "nox.billing.run"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _bill_group(self, customers, ask_whose=True):
        """Bill these customers in one savepoint. When that fails, those whose records
        were at hand are billed apart; else the group is halved until the failure stands
        alone, and that customer is parked. The others are billed.

        :param ask_whose: look at what was at hand
        :return: whether all of them were billed
        """
        if not customers:
            return True
        suspects = customers.browse()
        try:
            with self.env.cr.savepoint():
                try:
                    self._bill_together(customers)
                    self.env.flush_all()
                except CONCURRENCY_ERRORS:
                    raise
                except Exception as error:
                    if ask_whose and len(customers) > 1:
                        suspects = self._at_hand(error, customers)
                    raise
            return True
        except CONCURRENCY_ERRORS:
            # Not this customer's fault, and hopeless within this transaction.
            raise
        except Exception as error:
            self.env.invalidate_all()
            if len(customers) == 1:
                self._park_customer(customers, self._failure_sentence(error))
                return False
        suspects = self._with_same_payer(suspects, customers)
        if suspects and suspects != customers:
            is_theirs = not self._bill_group(suspects, ask_whose=False)
            return self._bill_group(customers - suspects, is_theirs) and not is_theirs
        first, second = self._halves(customers)
        is_first_billed = self._bill_group(first, ask_whose)
        return self._bill_group(second, ask_whose) and is_first_billed

    def _at_hand(self, error, customers):
        """Whose record was at hand when something broke: the one customer of the
        innermost step that had records of one customer only. Often, not always, it is
        his fault; nobody where the database found the fault, in many rows at once.
        """
        if isinstance(error, DatabaseError):
            return customers.browse()
        for frame, _line in reversed([*traceback.walk_tb(error.__traceback__)]):
            found = customers.browse()
            for value in frame.f_locals.values():
                if isinstance(value, models.BaseModel) and len(value) == 1:
                    found |= self._customer_of(value) & customers
            if len(found) == 1:
                return found
        return customers.browse()

    def _customer_of(self, record):
        """Whom a record is about; nobody where it does not say, or cannot be read: it
        may be the one that is broken."""
        nobody = self.env["res.partner"]
        for name in ("commercial_partner_id", "partner_id"):
            if name in record._fields and record.id:
                try:
                    customer = record.sudo()[name].commercial_partner_id
                except Exception:
                    return nobody
                return nobody.browse(customer.id)
        return nobody

    def _with_same_payer(self, suspects, customers):
        """These customers with those of the same payer, for they share an invoice."""
        if not suspects:
            return suspects
        positions = self._payer_positions(customers)
        theirs = {positions[each] for each in suspects}
        return customers.filtered(lambda each: positions[each] in theirs)

    def _halves(self, customers):
        """Two halves of customers, who stay with those of the same payer, for they
        share an invoice, until they are the only ones left."""
        positions = self._payer_positions(customers)
        groups = sorted(set(positions.values()))
        if len(groups) > 1:
            middle = groups[len(groups) // 2]
            first = customers.filtered(lambda each: positions[each] < middle)
        else:
            first = customers[: len(customers) // 2]
        return first, customers - first

    def _failure_sentence(self, error):
        if isinstance(error, UserError) and error.args:
            return str(error.args[0])
        return self.env._(
            "The invoice could not be made: %(error)s", error=str(error)[:500]
        )

    def _park_customer(self, customer, reason, **values):
        self.env["nox.billing.parked"]._park(self, customer, reason, **values)
