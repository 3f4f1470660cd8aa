from odoo import fields, models
from odoo.tools import formatLang

from ...policy import estimate, timeblocks


class HelpdeskTicket(models.Model):
    """What the customer was told that a request costs, and what it came to.

    The facts of the promise are kept when the request is sent. Prices and usual times
    move; what was shown stays on the request, beside what became of it.
    """

    _inherit = "helpdesk.ticket"

    promise = fields.Json(
        string="Shown when sending",
        copy=False,
        readonly=True,
        help="Verdict, estimate and prices that the customer was shown when sending"
        " the request.",
    )

    # ------------------------------------------------------------------
    # BUSINESS: the promise
    # ------------------------------------------------------------------

    def _promise(self):
        """The facts that the customer is shown, of a request that is being made or
        was made a moment ago: ``{"coverage": "billable", "blocks": 2, "estimate":
        [41.0, 49.61], ...}``. Amounts are pairs, VAT excluded and included."""
        self.ensure_one()
        facts = {"coverage": self.coverage}
        product = self.category_id.price_product_id
        if self.coverage == "billable":
            facts.update(self._promise_of_work())
        elif self.coverage == "not_applicable" and product:
            facts.update(product=product.id, **self._promise_amount("price", product))
        facts.update(self._promise_of_user())
        return facts

    def _promise_of_work(self):
        """How much work it usually is, and what work costs this customer."""
        self.ensure_one()
        plan = self.plan_id.with_company(self.company_id)
        product = plan.time_product_id
        policy, limit = plan._block_policy(), plan.quote_threshold_minutes
        expected = estimate.estimate(
            self.category_id._usual_minutes(self.company_id), policy, limit or None
        )
        facts = {
            "blocks": expected.blocks,
            "block_minutes": plan.block_minutes,
            "limit_minutes": limit,
            "quote_first": expected.quote_first,
            **self._promise_amount("block", product),
        }
        if expected.blocks:
            facts.update(self._promise_amount("estimate", product, expected.blocks))
        most = self._most_blocks(limit)
        if most:
            facts.update(self._promise_amount("most", product, most))
        return facts

    def _promise_of_user(self):
        """The price per month of an extra user, where the plan has one."""
        self.ensure_one()
        pbx = self.pbx_id.sudo()
        if self.change_scope != "user_addition" or self.replaces_user == "yes":
            return {}
        line = (
            pbx
            and pbx._running_period(pbx.company_id._service_today()).contract_line_id
        )
        if not line:
            return {}
        return self._promise_amount("user", line.product_id, price=line.price_unit)

    def _promise_amount(self, name, product, quantity=1, price=None):
        """``{name: [excl. VAT, incl. VAT], "currency": id}`` at this customer's
        prices."""
        untaxed, total, currency = product._portal_amounts(
            self._service_partner(), self.company_id, quantity, price=price
        )
        return {name: [untaxed, total], "currency": currency.id}

    def _most_blocks(self, minutes):
        """Blocks that so many minutes can come to; 0 when that depends on how they
        are spread over days or entries, or when there is no limit."""
        policy = self.plan_id._block_policy()
        if not minutes or policy.scope != "ticket":
            return 0
        return timeblocks.started_blocks(minutes, policy)

    def _promise_texts(self, facts):
        """``(headline, notes)`` of a promise, for the customer."""
        self.ensure_one()

        def amount(name):
            return self._amount_text(*facts[name], facts["currency"])

        verdict = facts["coverage"]
        headline, notes = (
            {
                "covered": self.env._("Included: this costs you nothing extra"),
                "delivery": self.env._("Part of the delivery of your telephone system"),
                "not_applicable": self.env._("Outside your service plan"),
            }.get(verdict)
            or self.env._("We will look and tell you before we start"),
            [],
        )
        if verdict == "billable":
            headline, notes = self._promise_work_texts(facts, amount)
        elif "price" in facts:
            product = self.env["product.product"].sudo().browse(facts["product"])
            headline, notes = amount("price"), [product.exists().name or ""]
        if "user" in facts:
            notes = [
                *notes,
                self.env._(
                    "An extra user costs %(amount)s per month.", amount=amount("user")
                ),
            ]
        return headline, [note for note in notes if note]

    def _promise_work_texts(self, facts, amount):
        per_block = self.env._(
            "Per started %(minutes)s minutes: %(amount)s.",
            minutes=facts["block_minutes"],
            amount=amount("block"),
        )
        limit = ""
        if "most" in facts:
            limit = self.env._(
                "We work more than %(minutes)s minutes (%(amount)s) only after you have"
                " approved a quote.",
                minutes=facts["limit_minutes"],
                amount=amount("most"),
            )
        elif facts["limit_minutes"]:
            limit = self.env._(
                "If it takes more than %(minutes)s minutes, you first get a quote.",
                minutes=facts["limit_minutes"],
            )
        if not facts["blocks"]:
            return self.env._("We bill the time worked"), [per_block, limit]
        about = self.env._(
            "About %(blocks)s × %(minutes)s minutes: %(amount)s",
            blocks=facts["blocks"],
            minutes=facts["block_minutes"],
            amount=amount("estimate"),
        )
        if facts["quote_first"]:
            return self.env._("We will send you a quote first"), [
                about,
                self.env._("We start after your approval."),
            ]
        return about, [self.env._("You pay for the time worked."), per_block, limit]

    def _portal_promise(self):
        """``{"headline", "notes"}`` of what was shown when sending; empty for
        requests that came another way."""
        self.ensure_one()
        facts = self.sudo().promise
        if not facts:
            return {}
        headline, notes = self._promise_texts(facts)
        return {"headline": headline, "notes": notes}

    # ------------------------------------------------------------------
    # BUSINESS: what it came to
    # ------------------------------------------------------------------

    def _portal_cost_text(self):
        """What a finished request costs, in one sentence; empty before it is known."""
        self.ensure_one()
        if self._is_withdrawn():
            return self.env._("It costs you nothing.")
        if not self._portal_shows_time() or self.coverage not in (
            "covered",
            "billable",
        ):
            return ""
        untaxed, total, currency = self._portal_cost()
        if not currency or currency.is_zero(total):
            return self.env._("It costs you nothing.")
        return self.env._(
            "It costs %(amount)s.",
            amount=self._amount_text(untaxed, total, currency.id),
        )

    def _portal_cost(self):
        """``(excl. VAT, incl. VAT, currency)`` of what this request costs as things
        are: its blocks at the prices of their orders, and what else was sold for it.
        Rounded as an invoice of it would be."""
        self.ensure_one()
        ticket = self.sudo()
        delivered = ticket._delivered_blocks()
        base_lines = [
            line._prepare_base_line_for_taxes_computation(quantity=blocks)
            for line, blocks in delivered.items()
        ]
        rest = ticket.billable_blocks - ticket.waived_blocks - sum(delivered.values())
        if ticket.coverage == "billable" and rest > 0:
            base_lines.append(ticket._block_base_line(rest))
        goods = ticket.service_order_ids.filtered(
            lambda order: order.state == "sale"
        ).order_line.filtered(
            lambda line: not line.is_service_time and not line.display_type
        )
        base_lines += [
            line._prepare_base_line_for_taxes_computation(
                quantity=line.product_uom_qty - line._credited_for_good()
            )
            for line in goods
        ]
        return ticket._portal_totals_of(base_lines)

    def _portal_totals_of(self, base_lines):
        """``(excl. VAT, incl. VAT, currency)`` of one invoice with these lines."""
        pbx = self.pbx_id.with_company(self.company_id)
        # A discount for early payment can take VAT off the bill.
        term = pbx.partner_id.property_payment_term_id
        if not base_lines:
            return 0.0, 0.0, self.env["res.currency"]
        currency = base_lines[0]["currency_id"]
        untaxed, total = self.env["account.tax"]._service_totals(
            base_lines, currency, self.company_id, term
        )
        return untaxed, total, currency

    def _block_base_line(self, blocks):
        """So many blocks at this customer's price, as Odoo computes taxes."""
        self.ensure_one()
        pbx = self.pbx_id.with_company(self.company_id)
        product = self.plan_id.with_company(self.company_id).time_product_id
        pricelist = pbx.partner_id.property_product_pricelist
        return pbx._portal_base_line(
            product,
            product._portal_taxes(pbx.partner_id, self.company_id),
            blocks,
            product._service_price(pbx.partner_id, self.company_id, blocks),
            pricelist.currency_id or self.company_id.currency_id,
        )

    def _portal_limit_text(self):
        """How far we may go without asking (again): in minutes and in money. A quote
        that nobody was sent says nothing yet, for it may go again."""
        self.ensure_one()
        if self.coverage != "billable" or self.stage_id.outcome:
            return ""
        if self.approved_blocks or self.is_release_promised:
            return self._portal_promised_text()
        limit = self._service_free_minutes()
        if not limit:
            return ""
        blocks = self._most_blocks(limit)
        if not blocks:
            return self.env._(
                "At most %(minutes)s minutes of work are billed without your approval,"
                " per started %(block)s minutes.",
                minutes=limit,
                block=self.plan_id.block_minutes,
            )
        product = self.plan_id.with_company(self.company_id).time_product_id
        amounts = self._promise_amount("most", product, blocks)
        return self.env._(
            "We bill at most %(minutes)s minutes without your approval: %(amount)s.",
            minutes=limit,
            amount=self._amount_text(*amounts["most"], amounts["currency"]),
        )

    def _portal_promised_text(self):
        """What was worked before the quote, and what was approved: no more."""
        self.ensure_one()
        if not self.limit_blocks:
            return self.env._("Nothing is billed without your approval.")
        untaxed, total, currency = self._portal_approved_amounts()
        values = {
            "blocks": self.limit_blocks,
            "block": self.plan_id.block_minutes,
            "amount": self._amount_text(untaxed, total, currency.id),
        }
        if self.approved_blocks:
            return self.env._(
                "We bill at most %(blocks)s × %(block)s minutes without asking again:"
                " %(amount)s.",
                **values,
            )
        return self.env._(
            "We bill at most %(blocks)s × %(block)s minutes without your approval:"
            " %(amount)s.",
            **values,
        )

    def _portal_approved_amounts(self):
        """``(excl. VAT, incl. VAT, currency)`` of the released blocks and of all that
        was approved, as the invoice of both would be: VAT is rounded once."""
        quotes = self.service_order_ids.filtered(
            lambda order: order.service_kind == "quote" and order.state == "sale"
        )
        base_lines = [
            line._prepare_base_line_for_taxes_computation()
            for line in quotes.order_line
            if not line.display_type
        ]
        released = self.limit_blocks - self.approved_blocks
        if released > 0:
            base_lines.append(self._block_base_line(released))
        return self._portal_totals_of(base_lines)

    def _amount_text(self, untaxed, total, currency_id):
        """ "€ 41.00 excl. VAT, € 49.61 incl. VAT" """
        currency = self.env["res.currency"].browse(currency_id)
        return self.env._(
            "%(untaxed)s excl. VAT, %(total)s incl. VAT",
            untaxed=formatLang(self.env, untaxed, currency_obj=currency),
            total=formatLang(self.env, total, currency_obj=currency),
        )
