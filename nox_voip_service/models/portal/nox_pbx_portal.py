from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...policy import months, seats

MONTHS_SHOWN = 12
# The drawing of the users over a year, in units of its own.
CHART_WIDTH, CHART_HEIGHT, BAR_AREA = 390, 170, 120


class NoxPbx(models.Model):
    """A PBX as its customer sees it in the portal."""

    _inherit = "nox.pbx"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _portal_alive_domain(self):
        """PBXs that something can be asked for: their service has not ended."""
        today = self.env.company._service_today()
        return Domain("ended_on", "=", False) | Domain("ended_on", ">=", today)

    def _portal_has_ended(self):
        """Whether the service ended before today."""
        self.ensure_one()
        pbx = self.sudo()
        return bool(pbx.ended_on and pbx.ended_on < pbx.company_id._service_today())

    def _portal_plan_values(self):
        """The plan that runs today: its rules, its prices excl. and incl. VAT;
        empty when there is none, as after the end of the service.

        In sudo: products, pricelists and contract lines are not the portal's to
        read; what leaves here are this customer's own prices.
        """
        self.ensure_one()
        pbx = self.sudo().with_company(self.company_id)
        today = pbx.company_id._service_today()
        plan = pbx._running_plan()
        if not plan or pbx._portal_has_ended():
            return {}
        period = pbx._running_period(today)
        block = user = None
        if plan.time_product_id:
            block = plan.time_product_id._portal_amounts(
                pbx.partner_id, pbx.company_id, 1
            )
        if period.contract_line_id:
            line = period.contract_line_id
            untaxed, total, _currency = line.product_id._portal_amounts(
                pbx.partner_id, pbx.company_id, 1, price=line.price_unit
            )
            user = (untaxed, total, period.currency_id)
        return {
            "plan": plan,
            "since": period.date_start,
            "until": period.date_end,
            "coverage": plan._portal_coverage(),
            "block": block,
            "user": user,
            "later": pbx.period_ids.filtered(lambda p: p.date_start > today).sorted(
                "date_start"
            ),
        }

    def _portal_next_invoice(self):
        """What the next invoice has for this PBX so far: the month that runs and
        whatever else is due, the finished work with what was sold for it, and
        attended trainings. Nothing is made.

        Steps, tickets and orders are the monthly run's own, as in its rehearsal.
        """
        self.ensure_one()
        pbx = self.sudo().with_company(self.company_id)
        today = pbx.company_id._service_today()
        billed_on = months.next_month(months.first_of_month(today))
        run = self.env["nox.billing.run"].sudo().new({"company_id": pbx.company_id.id})
        lines = (
            pbx._portal_user_lines(run, billed_on)
            + pbx._portal_work_lines(run, billed_on)
            + pbx._portal_training_lines(run)
        )
        currency = lines[0]["currency"] if lines else pbx.company_id.currency_id
        return {
            "billed_on": billed_on,
            "lines": lines,
            "currency": currency,
            **pbx._portal_invoice_totals(lines),
        }

    def _portal_invoice_totals(self, lines):
        """``{untaxed, total}`` of these lines, and in each its ``untaxed``: to the cent
        what their invoices come to."""
        Tax = self.env["account.tax"]
        company = self.company_id
        invoices = defaultdict(list)
        for line in lines:
            section = line["section"] if company.service_invoice_separate else ""
            invoices[line["currency"], line.get("term"), section].append(line)
        totals = {"untaxed": 0.0, "total": 0.0}
        for (currency, term, _section), own in invoices.items():
            untaxed, total = Tax._service_totals(
                [line["base_line"] for line in own], currency, company, term
            )
            totals["untaxed"] += untaxed
            totals["total"] += total
            for line in own:
                details = line["base_line"]["tax_details"]
                line["untaxed"] = details["total_excluded_currency"]
        return totals

    def _portal_user_lines(self, run, billed_on):
        """A line for each month of users that an invoice of this day would bill."""
        Charge = self.env["nox.seat.charge"]
        lang = self.env.lang
        plan_periods = self.period_ids.filtered_domain(
            run._get_period_domain(billed_on)
        )
        lines, taxes = [], {}
        for step, explanation in plan_periods._due_steps(billed_on).get(self, []):
            if not step.quantity:
                continue
            period = plan_periods.browse(step.period)
            product = period.contract_line_id.product_id
            term = (
                period.contract_line_id.contract_id.payment_term_id
                or self.partner_id.property_payment_term_id
            )
            if product not in taxes:
                taxes[product] = product._portal_taxes(self.partner_id, self.company_id)
            base_line = self._portal_base_line(
                product,
                taxes[product],
                float(step.quantity),
                float(step.price),
                period.currency_id,
            )
            lines.append(
                self._portal_line(
                    "users",
                    Charge._month_text(step.month, lang),
                    Charge._explain(step, explanation, lang),
                    Charge._format_users(step.quantity),
                    base_line,
                    term=term,
                )
            )
            if step.rounding:
                cent = dict(base_line, quantity=1.0, price_unit=float(step.rounding))
                title = Charge._rounding_text(self, step.month, lang)
                lines.append(self._portal_line("users", title, "", 1, cent, term=term))
        return lines

    def _portal_work_lines(self, run, billed_on):
        """Lines for each finished request that is ready for the invoice: its time,
        and what else was sold for it."""
        tickets = self.env["helpdesk.ticket"].search(
            run._get_ticket_domain(billed_on) & Domain("pbx_id", "=", self.id),
            order="id",
        )
        lines, entries = [], tickets._read_work()
        # The same work costs the same: no query for each ticket.
        prices, taxes = {}, {}
        pricelist = self.partner_id.property_product_pricelist
        currency = pricelist.currency_id or self.company_id.currency_id
        for ticket in tickets:
            for blocks, price in ticket._work_to_invoice(prices, entries):
                plan = ticket.plan_id.with_company(self.company_id)
                product = plan.time_product_id
                if product not in taxes:
                    taxes[product] = product._portal_taxes(
                        self.partner_id, self.company_id
                    )
                base_line = self._portal_base_line(
                    product, taxes[product], blocks, price, currency
                )
                lines.append(
                    self._portal_line(
                        "work",
                        ticket.display_name,
                        ticket._portal_work_text()
                        if ticket._portal_shows_time()
                        else "",
                        blocks,
                        base_line,
                        ticket,
                        term=self.partner_id.property_payment_term_id,
                    )
                )
            goods = ticket.service_order_ids.order_line.filtered(
                lambda line: not line.is_service_time and line.qty_to_invoice
            )
            lines += self._portal_order_lines(goods, ticket)
        return lines

    def _portal_training_lines(self, run):
        """Lines for attended trainings, of the people of this PBX; those that name
        none stand with the customer's first."""
        pbxs = self.search(
            [
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            order="id",
        )
        lines = run._training_lines_to_invoice(self.commercial_partner_id)
        return self._portal_order_lines(
            lines.filtered(
                lambda line: self == (line.training_ids.pbx_id[:1] or pbxs[:1])
            )
        )

    def _portal_order_lines(self, order_lines, ticket=None):
        return [
            self._portal_line(
                line._service_section(),
                line.product_id.name or line.name,
                ticket.display_name if ticket else line.order_id.name,
                f"{line.qty_to_invoice:g}",
                line._prepare_base_line_for_taxes_computation(
                    quantity=line.qty_to_invoice
                ),
                ticket,
                term=line.order_id.payment_term_id,
            )
            for line in order_lines
        ]

    def _portal_base_line(self, product, taxes, quantity, price, currency):
        """What Odoo computes taxes from, of a line that no record has yet."""
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            None,
            product_id=product,
            tax_ids=taxes,
            quantity=quantity,
            price_unit=price,
            currency_id=currency,
            partner_id=self.partner_id,
        )

    @api.model
    def _portal_line(
        self, section, title, text, quantity, base_line, ticket=None, term=None
    ):
        discount = 1 - base_line["discount"] / 100
        return {
            "section": section,
            "title": title,
            "text": text,
            "quantity": quantity,
            # Not beside an amount without VAT where the price has it in it.
            "price": not any(base_line["tax_ids"].mapped("price_include"))
            and base_line["price_unit"] * discount,
            "currency": base_line["currency_id"],
            "base_line": base_line,
            "ticket": ticket,
            "term": term or self.env["account.payment.term"],
        }

    def _portal_summaries(self):
        """``{pbx id: "Contract · 9 users"}`` as things are today; one query."""
        by_pbx = self.sudo().seat_ids.grouped("pbx_id")
        texts = {}
        for pbx in self.sudo():
            today = pbx.company_id._service_today()
            if pbx._portal_has_ended():
                texts[pbx.id] = self.env._(
                    "ended on %(date)s", date=format_date(self.env, pbx.ended_on)
                )
                continue
            own = [seat._policy_seat() for seat in by_pbx.get(pbx, ())]
            users = self._portal_users_text(seats.users_on(own, today))
            texts[pbx.id] = " · ".join(filter(None, [pbx.plan_id.name, users]))
        return texts

    @api.model
    def _portal_users_text(self, users):
        """ "9 users", "1 user" """
        if users == 1:
            return self.env._("1 user")
        return self.env._("%(users)s users", users=users)

    @api.model
    def _portal_users_title(self, users, free):
        """How many users are billed, and how many more the list below it has.

        :param free: that cost nothing: a door phone, a fax
        """
        if not free:
            return self.env._("Users: %(users)s", users=users)
        return self.env._(
            "Users: %(users)s (and %(free)s without charge)", users=users, free=free
        )

    def _portal_open_requests(self):
        """How many requests of this PBX are not closed."""
        self.ensure_one()
        return (
            self.env["helpdesk.ticket"]
            .sudo()
            .search_count([("pbx_id", "=", self.id), ("closed", "=", False)])
        )

    def _portal_certificates(self):
        """``{administrator: newest certificate}`` of this PBX's administrators."""
        self.ensure_one()
        certificates = (
            self.env["nox.admin.training"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.sudo().administrator_ids.ids),
                    ("pbx_id", "=", self.id),
                    ("certificate_number", "!=", False),
                ],
                order="certified_on, id",
            )
        )
        return {training.partner_id: training for training in certificates}

    def _portal_users_chart(self):
        """Users at the end of each of the last months, today last: the figures and
        the places of their bars in the drawing."""
        self.ensure_one()
        pbx = self.sudo()
        today = pbx.company_id._service_today()
        first = months.first_of_month(today)
        days = [
            fields.Date.subtract(first, months=back, days=1)
            for back in range(MONTHS_SHOWN - 2, -1, -1)
        ]
        own = [seat._policy_seat() for seat in pbx.seat_ids]
        counts = [seats.users_on(own, day) for day in (*days, today)]
        highest = max(counts) or 1
        step = CHART_WIDTH / MONTHS_SHOWN
        bars = []
        for place, (day, count) in enumerate(zip((*days, today), counts, strict=True)):
            height = round(BAR_AREA * count / highest, 1)
            bars.append(
                {
                    "count": count,
                    "label": format_date(self.env, day, date_format="MMM"),
                    "date": format_date(self.env, day),
                    "x": round(place * step + 4, 1),
                    "middle": round((place + 0.5) * step, 1),
                    "y": round(BAR_AREA + 20 - height, 1),
                    "width": round(step - 8, 1),
                    "height": height,
                }
            )
        return {
            "bars": bars,
            "title": self._portal_users_title(
                counts[-1],
                sum(not seat.charged and seat.is_on(today) for seat in own),
            ),
            "width": CHART_WIDTH,
            "height": CHART_HEIGHT,
            "summary": self.env._(
                "From %(first)s on %(start)s to %(last)s today; at most %(most)s and"
                " at least %(least)s at the end of a month.",
                first=self._portal_users_text(counts[0]),
                start=format_date(self.env, days[0]),
                last=self._portal_users_text(counts[-1]),
                most=max(counts),
                least=min(counts),
            ),
        }
