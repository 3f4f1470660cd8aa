from odoo import models
from odoo.tools import format_date, formatLang


class NoxPlanAdvice(models.Model):
    """An advice in sentences: the same for the manager and for the customer."""

    _inherit = "nox.plan.advice"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _summary_text(self):
        """What comes of it, in a sentence or two."""
        self.ensure_one()
        if self.problem:
            return self.env._(
                "This PBX could not be priced: %(problem)s", problem=self.problem
            )
        if self.line_ids and not self.line_ids.filtered("is_current").is_priced:
            return self.env._(
                "The plan of today, %(plan)s, has no price per user or no users, so"
                " nothing can be compared with it.",
                plan=self.plan_id.name,
            )
        lines = self.line_ids.filtered(lambda line: not line.is_current)
        return "\n".join(filter(None, (self._line_sentence(line) for line in lines)))

    def _portal_lines(self):
        """The other plans that a customer may compare with his own."""
        return self.line_ids.filtered(
            lambda line: (
                line.is_priced
                and not line.is_current
                and line.price_source != "usual"
                and self.line_ids.filtered("is_current").is_priced
            )
        )

    def _line_sentence(self, line):
        """What one plan would have cost compared with the plan of today, and where
        they break even."""
        self.ensure_one()
        if line.is_current:
            return ""
        own = self.line_ids.filtered("is_current")
        parts = []
        if line.is_priced and own.is_priced:
            parts.append(self._difference_sentence(line))
        elif not line.price_source and line.bills_users:
            parts.append(
                self.env._(
                    "%(plan)s is not priced: no price per user is known.",
                    plan=line.plan_id.name,
                )
            )
        elif line.bills_users and not line.is_priced:
            parts.append(
                self.env._(
                    "%(plan)s is not priced: no users of this PBX are known.",
                    plan=line.plan_id.name,
                )
            )
        parts.append(self._user_point_sentence(line, own))
        parts.append(self._block_point_sentence(line, own))
        return " ".join(filter(None, parts))

    def _difference_sentence(self, line):
        """ "With the requests of these months, Contract would have cost EUR 85.00
        more than Standaard." """
        low, high = line.difference_low, line.difference_high
        params = {"plan": line.plan_id.name, "own": self.plan_id.name}
        compare = self.currency_id.compare_amounts
        if not compare(low, 0) and not compare(high, 0):
            return self.env._(
                "With the requests of the last year, %(plan)s would have cost as much"
                " as %(own)s.",
                **params,
            )
        if compare(low, high):
            if low >= 0:
                return self.env._(
                    "With the requests of the last year, %(plan)s would have cost"
                    " between %(low)s and %(high)s more than %(own)s.",
                    low=self._money(low),
                    high=self._money(high),
                    **params,
                )
            if high <= 0:
                return self.env._(
                    "With the requests of the last year, %(plan)s would have cost"
                    " between %(low)s and %(high)s less than %(own)s.",
                    low=self._money(-high),
                    high=self._money(-low),
                    **params,
                )
            return self.env._(
                "With the requests of the last year, %(plan)s would have cost between"
                " %(low)s less and %(high)s more than %(own)s.",
                low=self._money(-low),
                high=self._money(high),
                **params,
            )
        if low > 0:
            return self.env._(
                "With the requests of the last year, %(plan)s would have cost"
                " %(amount)s more than %(own)s.",
                amount=self._money(low),
                **params,
            )
        return self.env._(
            "With the requests of the last year, %(plan)s would have cost %(amount)s"
            " less than %(own)s.",
            amount=self._money(-low),
            **params,
        )

    def _user_point_sentence(self, line, own):
        """Up to how many users the plan that bills users pays."""
        if not line.has_user_point:
            return ""
        plan = line.plan_id if line.bills_users else own.plan_id
        price = line.user_price if line.bills_users else own.user_price
        params = {"plan": plan.name, "price": self._money(price)}
        if line.user_point_high < 0:
            return self.env._(
                "%(plan)s at %(price)s per user is dearer with any number of users.",
                **params,
            )
        if line.user_point_high == 0:
            return self.env._(
                "%(plan)s at %(price)s per user does not pay with this work, not even"
                " for one user.",
                **params,
            )
        if line.user_point == line.user_point_high == 1:
            return self.env._(
                "%(plan)s at %(price)s per user pays for one user at most with this"
                " work.",
                **params,
            )
        if line.user_point == line.user_point_high:
            return self.env._(
                "%(plan)s at %(price)s per user pays up to %(users)s users with this"
                " work.",
                users=line.user_point,
                **params,
            )
        return self.env._(
            "%(plan)s at %(price)s per user pays up to a number of users between"
            " %(low)s and %(high)s with this work.",
            low=max(line.user_point, 0),
            high=line.user_point_high,
            **params,
        )

    def _block_point_sentence(self, line, own):
        """From how much work the plan pays."""
        if not line.block_point:
            return ""
        params = {
            "plan": line.plan_id.name,
            "minutes": line.minute_point,
            "blocks": line.block_point,
            "block": line.minute_point // line.block_point,
        }
        if line.plan_id.requires_certified_admin:
            return self.env._(
                "%(plan)s pays as soon as the own administrator takes over"
                " %(minutes)s minutes (%(blocks)s × %(block)s) of billed work a year.",
                **params,
            )
        return self.env._(
            "%(plan)s pays from %(minutes)s minutes (%(blocks)s × %(block)s) a year of"
            " work that it includes and %(own)s bills.",
            own=own.plan_id.name,
            **params,
        )

    # ------------------------------------------------------------------
    # BUSINESS: assumptions
    # ------------------------------------------------------------------

    def _assumption_sentences(self, shown=None):
        """What the amounts stand on, a sentence each.

        :param shown: the other plans that the reader is shown; all by default
        """
        self.ensure_one()
        lines = self.line_ids
        if shown is not None:
            lines = lines.filtered("is_current") | shown
        if not self.date_from:
            return []
        sentences = [
            self.env._(
                "Priced are the requests from %(first)s to %(last)s: %(count)s, with"
                " %(minutes)s minutes of work. Amounts are without VAT.",
                count=self.request_count,
                first=format_date(self.env, self.date_from),
                last=format_date(self.env, self.date_to),
                minutes=self.worked_minutes,
            ),
            self.env._(
                "Requests and users are as they were; under another plan one might"
                " have asked more, or less."
            ),
            self.env._(
                "Every quote for more work is counted as approved, so all time worked"
                " is counted."
            ),
        ]
        if self.site_count:
            sentences.append(
                self.env._(
                    "Requests with work on site: %(count)s. Each plan prices them as"
                    " its rules say.",
                    count=self.site_count,
                )
            )
        if self.unknown_count:
            sentences.append(
                self.env._(
                    "Requests of which a fact is not known: %(count)s. The amounts go"
                    " from the cheapest to the dearest that it can turn out to be.",
                    count=self.unknown_count,
                )
            )
        if self.override_count:
            sentences.append(
                self.env._(
                    "Requests that were decided by hand: %(count)s. Here the rules of"
                    " the plan decide.",
                    count=self.override_count,
                )
            )
        return [
            *sentences,
            *filter(None, map(self._price_sentence, lines)),
            *self._training_sentences(lines),
            self.env._(
                "Devices, trainings held and amounts given away are left out; they hang"
                " on no plan."
            ),
        ]

    def _price_sentence(self, line):
        """Where the price of a user comes from."""
        params = {"plan": line.plan_id.name, "price": self._money(line.user_price)}
        if line.price_source == "own":
            return self.env._(
                "%(plan)s: a user costs what was agreed, %(price)s a month now.",
                **params,
            )
        if line.price_source == "list":
            return self.env._(
                "%(plan)s: a user costs %(price)s a month, by the price list.", **params
            )
        if line.price_source == "usual":
            return self.env._(
                "%(plan)s: a user is taken at %(price)s a month, the middle of what the"
                " contracts of today pay.",
                **params,
            )
        return ""

    def _training_sentences(self, lines):
        for line in lines.filtered("plan_id.requires_certified_admin"):
            if line.once:
                yield self.env._(
                    "%(plan)s: one training of %(price)s is counted once; all requests"
                    " count as extra support, and what the own administrator does costs"
                    " nothing.",
                    plan=line.plan_id.name,
                    price=self._money(line.once),
                )
            else:
                yield self.env._(
                    "%(plan)s: there is an administrator with a certificate, so no"
                    " training is counted; all requests count as extra support.",
                    plan=line.plan_id.name,
                )
