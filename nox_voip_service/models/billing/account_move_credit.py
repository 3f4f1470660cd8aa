from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ...policy import credit
from ..base.guard import by_code


class AccountMove(models.Model):
    """Money goes back once: what was credited of users, service work and trainings
    cannot be credited again."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("state", "reversed_entry_id", "move_type")
    def _check_credited_once(self):
        """Drafts count: of two credit notes the first one made takes its share."""
        if self.env.context.get("service_credit_capped"):
            return
        moves = self.sudo().filtered(
            lambda move: (
                move.is_sale_document()
                and (move.reversed_entry_id or move.posted_before)
            )
        )
        for origin in {move._credited_origin() for move in moves}:
            origin._check_credits()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A credit note holds what is left to credit, or is refused. What it credits
        goes along from the invoice, by code."""
        rest = {move: move.sudo()._left_to_credit() for move in self}
        for move in self:
            move._check_left_to_credit(rest[move], is_whole=cancel)
        reverses = super(
            AccountMove, by_code(self).with_context(service_credit_capped=True)
        )._reverse_moves(default_values_list, cancel=cancel)
        reverses = reverses.with_env(self.env).with_context(service_credit_capped=False)
        for move, reverse in zip(self, reverses, strict=True):
            reverse._cap_credit(rest[move])
        reverses._check_credited_once()
        return reverses

    def _credited_origin(self):
        """The invoice that this credit note, or what takes it back, goes back to."""
        self.ensure_one()
        origin = self
        while origin.reversed_entry_id:
            origin = origin.reversed_entry_id
        return origin

    def _corrected_invoices(self):
        """What this credit note puts right: the invoice that it was made of; of one
        that the run made, what charged these months before: the invoices, or where a
        month was charged on a credit note, that one."""
        self.ensure_one()
        if self.reversed_entry_id:
            return self.reversed_entry_id
        # Whoever may send the credit note may name them.
        lines = self.sudo().invoice_line_ids
        charges = lines.seat_charge_id | lines.rounding_charge_id
        latest = {(each.period_id, each.month): each.revision for each in charges}
        earlier = charges.search(
            [
                ("period_id", "in", charges.period_id.ids),
                ("month", "in", charges.mapped("month")),
                ("move_line_id.parent_state", "=", "posted"),
            ],
            order="month, period_id, revision",
        ).filtered(
            lambda each: each.revision < latest.get((each.period_id, each.month), -1)
        )
        moves = earlier.move_id.with_env(self.env) - self
        return moves.filtered(lambda move: move.move_type == "out_invoice") or moves

    def _credits(self):
        """All that credits this invoice, and what takes back its credit notes; not
        what was cancelled."""
        found = self.browse()
        following = self.reversal_move_ids
        while following:
            found |= following
            following = following.reversal_move_ids - found
        return found.filtered(lambda move: move.state != "cancel")

    def _billed_by_source(self):
        """``{source: [quantity, amount]}`` of what these invoices bill, less what they
        credit; a source is a line of an order or a charge for users."""
        sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for line in self.invoice_line_ids:
            source = line._credit_source()
            if source and line.move_id.state != "cancel":
                sign = -1 if line.move_id.move_type == "out_refund" else 1
                sums[source][0] += sign * line._policy_quantity()
                sums[source][1] += sign * Decimal(
                    float_repr(line.price_subtotal, line.currency_id.decimal_places)
                )
        return sums

    def _left_to_credit(self):
        """``{source: quantity}`` of what is on this invoice and was not credited yet,
        as its own lines count it."""
        self.ensure_one()
        sign = -1 if self.move_type == "out_refund" else 1
        credits = self._credits()._billed_by_source()
        return {
            source: sign * credit.left(quantity, -credits[source][0])
            for source, (quantity, _amount) in self._billed_by_source().items()
        }

    def _check_left_to_credit(self, rest, is_whole=False):
        """Refuse a credit note that would hold nothing, or the correction of an
        invoice of which a part was credited: it would bill that part anew.

        :param rest: what `_left_to_credit` gives
        """
        self.ensure_one()
        credits = self.sudo()._credits()
        others = any(
            line.display_type == "product" and not line._credit_source()
            for line in self.sudo().invoice_line_ids
        )
        if not rest or not credits or (any(rest.values()) or others) and not is_whole:
            return
        names = ", ".join(move.display_name for move in credits)
        if any(rest.values()):
            raise UserError(
                self.env._(
                    "A part of %(invoice)s is credited with %(credits)s. Make a credit"
                    " note of the rest; a correction would bill that part anew.",
                    invoice=self.display_name,
                    credits=names,
                )
            )
        raise UserError(
            self.env._(
                "%(invoice)s is credited already, with %(credits)s: nothing is left to"
                " credit. Is that credit note not right? Take it back first.",
                invoice=self.display_name,
                credits=names,
            )
        )

    def _cap_credit(self, rest):
        """Take out of this new credit note what is not left any more."""
        self.ensure_one()
        rest = dict(rest)
        gone = self.env["account.move.line"]
        for line in self.sudo().invoice_line_ids:
            source = line._credit_source()
            if source not in rest:
                continue
            wanted = line._policy_quantity()
            part = credit.capped(wanted, rest[source])
            rest[source] -= part
            if not part:
                gone |= line
            elif part != wanted:
                line.quantity = float(part)
        gone.unlink()

    def _check_credits(self):
        """Nobody gets back more than was billed, in quantity and in money."""
        self.ensure_one()
        credits = self._credits()
        if not credits:
            return
        billed = self._billed_by_source()
        cent = Decimal(str(self.currency_id.rounding))
        slack = cent * len(credits)
        for source, (quantity, amount) in credits._billed_by_source().items():
            if not (
                credit.is_beyond(billed[source][0], -quantity)
                or credit.is_beyond(billed[source][1], -amount, slack)
            ):
                continue
            line = (credits | self).invoice_line_ids.filtered(
                lambda each, source=source: each._credit_source() == source
            )[:1]
            raise UserError(
                self.env._(
                    "%(line)s: %(invoice)s bills %(billed)s (%(amount)s), and with"
                    " %(credits)s %(credited)s (%(back)s) would be credited. What was"
                    " credited cannot be credited again.",
                    line=(line.name or "").split("\n")[0],
                    invoice=self.display_name,
                    billed=f"{billed[source][0]:f}",
                    amount=self.currency_id.format(float(billed[source][1])),
                    credits=", ".join(move.display_name for move in credits),
                    credited=f"{-quantity:f}",
                    back=self.currency_id.format(float(-amount)),
                )
            )
