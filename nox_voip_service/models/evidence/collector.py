"""Gathering the parts of evidence packs."""

from collections import defaultdict

from odoo.fields import Domain

from ...policy.evidence import Part


def moment(value):
    """A moment of Odoo, which is in UTC, as a pack writes it."""
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if value else None


def day(value):
    return str(value) if value else None


# What the parts look at. Read for all invoices at once: one by one, each record would
# ask for its own.
READ_AHEAD = {
    "lines": (
        "name",
        "tax_ids.name",
        "sale_line_ids.name",
        "seat_charge_id.amount",
        "rounding_charge_id.amount",
    ),
    "charges": (
        "pbx_id.name",
        "plan_id.code",
        "period_id.contract_line_id.product_id.name",
        "period_id.contract_line_id.uom_id.name",
        "period_id.contract_line_id.product_id.lst_price",
    ),
    "orders": (
        "name",
        "signature",
        "order_line.product_id.lst_price",
        "order_line.tax_ids",
        "order_line.product_uom_id.name",
        "order_line.invoice_lines.move_id.reversed_entry_id.name",
        "order_line.training_ids.partner_id.name",
        "service_proof_ids.raw",
        "pricelist_id.name",
    ),
    "tickets": (
        "name",
        "override_ids.user_id.name",
        "waiver_ids.user_id.name",
        "pbx_id.period_ids.date_start",
        "team_id.uses_service_plans",
        "category_id.change_scope",
        "coverage_edition_id.content",
        "plan_id.code",
        "split_root_id.split_member_ids",
    ),
}


class Shared:
    """What the packs of several invoices need, read once for all of them."""

    def __init__(self, moves):
        self.moves = moves
        self.editions = {}
        self.known_editions = {}
        moves |= moves.reversed_entry_id
        lines = moves.invoice_line_ids
        moves.line_ids.mapped("tax_line_id")
        charges = lines.seat_charge_id | lines.rounding_charge_id
        orders = lines.sale_line_ids.order_id
        tickets = orders.service_ticket_id
        tickets |= tickets.split_root_id.split_member_ids
        orders |= tickets.service_order_ids
        for name, records in (
            ("lines", lines),
            ("charges", charges),
            ("orders", orders),
            ("tickets", tickets),
        ):
            for path in READ_AHEAD[name]:
                records.mapped(path)
        self.entries = tickets._service_entries()
        self.recorded = defaultdict(list)
        work = moves.env["account.analytic.line"].search_fetch(
            [("ticket_id", "in", tickets.ids)],
            ["ticket_id", "date", "unit_amount", "employee_id", "held_reason"],
            order="date, id",
        )
        work.mapped("employee_id.name")
        for line in work:
            self.recorded[line.ticket_id.id].append(line)
        self.rules = self._price_rules(orders)

    def edition_of(self, plan):
        """The rules of a plan as they are now."""
        if plan not in self.editions:
            self.editions[plan] = plan._edition().with_env(plan.env)
        return self.editions[plan]

    def _price_rules(self, orders):
        """``{price list: its rules}`` for what these orders sell, of any date."""
        products = orders.order_line.product_id
        lists = orders.pricelist_id
        found = defaultdict(list)
        if not lists or not products:
            return found
        templates = products.product_tmpl_id
        domain = (
            Domain("pricelist_id", "in", lists.ids)
            & Domain("product_tmpl_id", "in", [False, *templates.ids])
            & Domain("product_id", "in", [False, *products.ids])
        )
        for rule in orders.env["product.pricelist.item"].search(domain):
            found[rule.pricelist_id].append(rule)
        return found

    def rule_of(self, line):
        """The rule of the price list that a line of an order takes its price from; as
        Odoo chooses it, among the rules that are there now."""
        ordered_at = line.order_id.date_order
        quantity = line.product_uom_id._compute_quantity(
            line.product_uom_qty or 1.0, line.product_id.uom_id
        )
        for rule in self.rules[line.order_id.pricelist_id]:
            if (
                (not rule.date_start or rule.date_start <= ordered_at)
                and (not rule.date_end or rule.date_end >= ordered_at)
                and rule._is_applicable_for(line.product_id, quantity)
            ):
                return rule
        return line.env["product.pricelist.item"]


class Collector:
    """The parts of one invoice's pack while they are gathered, each thing once.

    :param move: of which all records that it leads to speak the customer's language
    """

    def __init__(self, move, shared):
        self.move = move
        self.env = move.env
        self.shared = shared
        self.lines = {
            line.id: f"line:{position}"
            for position, line in enumerate(move._evidence_lines(), start=1)
        }
        self._parts = {}

    def part(self, kind, key, make):
        """Add a part, unless it is there already; what it leans on is added on the
        way.

        :param make: gives its content
        :return: its id
        """
        number = f"{kind}:{key}"
        if number not in self._parts:
            # Named before it is made, for parts that name each other.
            self._parts[number] = None
            self._parts[number] = Part(kind, number, make())
        return number

    def note(self, code, text, about=None):
        """Say what the pack cannot prove."""
        content = {"code": code, "about": about, "text": text}
        self.part("note", f"{code}:{about or ''}".rstrip(":"), lambda: content)

    def parts(self):
        return list(self._parts.values())
