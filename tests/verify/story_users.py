"""Users by chance: who come, leave and are replaced, prices, corrections."""

from datetime import date, timedelta
from fractions import Fraction

from .builder import (
    INVOICED,
    MONTH,
    TERMS_ROWS,
    cents,
    days_of,
    decimal,
    last_of_month,
    moment,
    plan,
    table,
    users_on,
)


class Users:
    """What of a story is the users of a month."""

    def seats(self):
        rnd, found = self.rnd, []
        for n in range(rnd.randint(0, 8)):
            start = MONTH + timedelta(days=rnd.randint(-20, 30))
            end = start + timedelta(days=rnd.randint(0, 40))
            before = rnd.choice(found) if found and rnd.random() < 0.3 else None
            if before and before["last"] and before["seat"] not in {
                seat["replaces"] for seat in found
            }:  # fmt: skip
                start = date.fromisoformat(before["last"])
                start += timedelta(days=rnd.randint(0, 1))
                end = start + timedelta(days=rnd.randint(0, 20))
            else:
                before = None
            found.append(
                {
                    "seat": f"seat:{n}",
                    "label": f"{n + 1}",
                    "first": str(start),
                    "last": str(end) if rnd.random() < 0.7 else None,
                    "charged": rnd.random() < 0.9,
                    "replaces": before and before["seat"],
                }
            )
        return found

    def users(self):
        """A month of users: plan periods, prices, corrections."""
        rnd = self.rnd
        last = last_of_month(MONTH)
        policy = rnd.choice(["prorated", "prorated", "first_day"])
        rules = plan("contract", seat_policy=policy)
        self.part("table", rules["table"], table(TERMS_ROWS["contract"]))
        rules_id = self.part("plan", f"plan:users:{policy}", rules)
        seats = self.seats()
        spans = [(date(2025, 1, 1), last)]
        if rnd.random() < 0.5:
            middle = MONTH + timedelta(days=rnd.randint(1, 29))
            spans = [(spans[0][0], middle - timedelta(days=1)), (middle, last)]
        prices = [self.money(1, 20) for _span in spans]
        if rnd.random() < 0.3:
            prices = [prices[0]] * len(spans)
        common = {
            "pbx": "Head office",
            "month": str(MONTH)[:7],
            "month_days": last.day,
            "plan": rules_id,
            "periods": [
                {
                    "id": f"period:{start}",
                    "start": str(start),
                    "end": str(end) if end != last else None,
                    "policy": policy,
                    "price": self.decimal(price),
                    "currency": self.currency,
                }
                for (start, end), price in zip(spans, prices)
            ],
            "seats": seats,
            "currency": self.currency,
            "made_at": moment(INVOICED, 4),
        }
        earlier, before = [], Fraction(0)
        for (start, end), price in zip(spans, prices):
            counted = days_of(max(start, MONTH), end)
            days = sum(users_on(day, seats) for day in counted)
            upto = before + Fraction(days, last.day)
            now = cents(upto, 2) - cents(before, 2)
            before = upto
            if policy == "first_day":
                now = Fraction(users_on(MONTH, seats) if start <= MONTH else 0)
                days = int(now) * last.day
            period, was, revision = f"period:{start}", Fraction(0), 0
            if rnd.random() < 0.3:
                was, revision = Fraction(rnd.randint(0, 500), 100), 1
                earlier.append(self.charged(earlier, period, 0, was, price))
            this = self.charged(earlier, period, revision, now - was, price)
            own = cents((now - was) * price, self.decimals)
            whole, rest = divmod(days, last.day)
            words = f"{whole} users; 1 until 9 March ({rest}/{last.day})"
            if was:
                words = f"Correction: 1 users were billed, it had to be 2: {words}"
            self.charge(
                dict(
                    common,
                    revision=revision,
                    period=period,
                    earlier=[dict(each) for each in earlier],
                    was=decimal(was),
                    now=decimal(now),
                    quantity=decimal(now - was),
                    price=self.decimal(price),
                    rounding=self.decimal(Fraction(this["amount"]) - own),
                    amount=this["amount"],
                    explanation=words,
                ),
                price,
            )
            earlier.append(this)

    def charged(self, earlier, period, revision, quantity, price):
        """A charge in a month with these charges: its cents are such that all of one
        price come to what one line would."""
        same = [each for each in earlier if each["price"] == self.decimal(price)]
        quantities = sum((Fraction(each["quantity"]) for each in same), quantity)
        amounts = sum(Fraction(each["amount"]) for each in same)
        amount = cents(quantities * price, self.decimals) - amounts
        return {
            "period": period,
            "revision": revision,
            "quantity": decimal(quantity),
            "price": self.decimal(price),
            "amount": self.decimal(amount),
            "invoiced": True,
            "again": "0.00",
        }

    def charge(self, content, price):
        id_ = f"charge:{content['period']}:{content['revision']}"
        self.part("charge", id_, content)
        self.line(
            "users", Fraction(content["quantity"]), price,
            f"Users, {content['pbx']}\n{content['explanation']}", charge=id_,
            price=self.price("period", price),
        )  # fmt: skip
        rounding = Fraction(content["rounding"])
        if rounding:
            self.line("rounding", 1, rounding, "Rounding", charge=id_)
