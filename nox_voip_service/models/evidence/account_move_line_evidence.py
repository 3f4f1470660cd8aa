from odoo import models

from ...policy.evidence import decimal_text, money_text
from .collector import moment


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _evidence_content(self, pack):
        """A line of the invoice, with the parts that it leans on."""
        digits = self.currency_id.decimal_places
        order_line = self.sale_line_ids[:1]
        order = order_line.order_id
        ticket = order.service_ticket_id
        charge = self.seat_charge_id or self.rounding_charge_id
        ground = charge or order_line
        self._evidence_note_text(pack, ticket)
        return {
            "id": pack.lines[self.id],
            "position": int(pack.lines[self.id].partition(":")[2]),
            "source": self._evidence_source(),
            "text": self.name or "",
            "written_at": moment(self.create_date),
            "quantity": decimal_text(self.quantity),
            "price_unit": decimal_text(self.price_unit),
            "discount": decimal_text(self.discount),
            "amount": money_text(self.price_subtotal, digits),
            "amount_incl": money_text(self.price_total, digits),
            "taxes": [str(tax.id) for tax in self.tax_ids.sorted("id")],
            "price": ground._evidence_price(pack) if ground else None,
            "ticket": ticket._evidence_part(pack) if ticket else None,
            "charge": charge._evidence_part(pack) if charge else None,
            "quote": order._evidence_part(pack) if order else None,
            "training": [
                place._evidence_part(pack) for place in self._evidence_places()
            ],
            "credits": self._evidence_credited(),
        }

    def _evidence_source(self):
        order_line = self.sale_line_ids[:1]
        if self.seat_charge_id:
            return "users"
        if self.rounding_charge_id:
            return "rounding"
        if order_line.is_service_time:
            return "work"
        if order_line.is_admin_training:
            return "training"
        return "goods" if order_line.order_id.service_ticket_id else "other"

    def _evidence_note_text(self, pack, ticket):
        """Say when the sentence of a line of work is not, or not any more, what its
        request says; a credit note repeats that of its invoice."""
        if (
            self._evidence_source() == "work"
            and not self.move_id.reversed_entry_id
            and ticket._service_worked_text(self.quantity) not in (self.name or "")
        ):
            line = pack.lines[self.id]
            pack.note(
                "text_edited",
                self.env._(
                    "The sentence of line %(line)s is not what its request says now: it"
                    " was edited, or time was recorded after it was written.",
                    line=line.partition(":")[2],
                ),
                about=line,
            )

    def _evidence_places(self):
        """The places in trainings that this line bills: in order of the day, after
        those that were billed before it."""
        order_line = self.sale_line_ids[:1]
        if not order_line.is_admin_training:
            return order_line.training_ids
        before = 0
        for line in order_line.invoice_lines:
            move = line.move_id
            if line.id >= self._evidence_billing_line().id or move.state == "cancel":
                continue
            if move.move_type == "out_invoice":
                before += round(line.quantity)
            elif move.service_rebill == "yes":
                before -= round(line.quantity)
        attended = order_line.training_ids.filtered("is_attended").sorted(
            lambda place: (place.date, place.id)
        )
        return attended[before : before + round(self.quantity)]

    def _evidence_billing_line(self):
        """The line that this one credits; itself, where it bills."""
        source = self._credit_source()
        origin = self.move_id.reversed_entry_id
        for line in origin.invoice_line_ids if source else ():
            if line._credit_source() == source:
                return line
        return self

    def _evidence_credited(self):
        """Id of the credited line in the pack of its invoice."""
        billed = self._evidence_billing_line()
        if billed == self:
            return None
        lines = billed.move_id._evidence_lines()
        return f"line:{list(lines.ids).index(billed.id) + 1}"
