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
            "coverage": plan._portal_coverage(pbx),
            "block": block,
            "user": user,
            "later": pbx.period_ids.filtered(lambda p: p.date_start > today).sorted(
                "date_start"
            ),
        }

    def _portal_next_invoice(self):
        """What the next invoice has for this PBX so far: the month that runs and
        whatever else is due, the finished work with what was sold for it, and attended
        trainings. Nothing is made: the lines are those of `_next_invoices`.
        """
        self.ensure_one()
        pbx = self.sudo().with_company(self.company_id)
        today = pbx.company_id._service_today()
        billed_on = months.next_month(today)
        customer = pbx.commercial_partner_id
        run = self.env["nox.billing.run"].sudo().new({"company_id": pbx.company_id.id})
        first = self.sudo().search(
            [
                ("commercial_partner_id", "=", customer.id),
                ("company_id", "=", pbx.company_id.id),
            ],
            order="id",
            limit=1,
        )
        lines, _parked = run._next_invoices(customer, billed_on)[customer]
        own = [line for line in lines if pbx._is_portal_line(line, first)]
        untaxed, total = run._next_totals(own)
        return {
            "billed_on": billed_on,
            "lines": [pbx._portal_line(line) for line in own],
            "currency": own[0]["base_line"]["currency_id"]
            if own
            else pbx.company_id.currency_id,
            "untaxed": untaxed,
            "total": total,
        }

    def _is_portal_line(self, line, first):
        """Whether a line of the next invoice is of this PBX.

        :param first: the customer's first PBX, with which trainings stand whose people
            belong to none
        """
        if line["charge"]:
            return line["charge"].pbx_id._origin == self._origin
        if line["ticket"]:
            return line["ticket"].pbx_id == self._origin
        return (line["order_line"].training_ids.pbx_id[:1] or first) == self._origin

    def _portal_line(self, line):
        """A line of the next invoice as the customer reads it."""
        charge, ticket, base_line = line["charge"], line["ticket"], line["base_line"]
        if line["is_rounding"]:
            title, text, quantity = line["text"], "", 1
        elif charge:
            title = charge._month_text(charge.month, self.env.lang)
            text = charge._explanation_in(self.env.lang)
            quantity = charge._format_users(charge._policy_users())
        else:
            order_line = line["order_line"]
            is_time = ticket and (not order_line or order_line.is_service_time)
            title = ticket.display_name if is_time else order_line.product_id.name
            quantity = f"{line['quantity']:g}"
            text = ticket.display_name if ticket else order_line.order_id.name
            if is_time:
                text = ticket._portal_shows_time() and ticket._portal_work_text() or ""
        return {
            "title": title,
            "text": text,
            "quantity": quantity,
            # Not beside an amount without VAT where the price has it in it.
            "price": not any(base_line["tax_ids"].mapped("price_include"))
            and line["price"],
            "untaxed": line["untaxed"],
            "ticket": ticket,
        }

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
