from datetime import datetime, time

import pytz

from odoo import Command, models

from ...models.base.guard import by_code
from ...policy import going_live

CHUNK = 2000


class NoxGoingLive(models.TransientModel):
    """Making what the workbook says: in batches, in one transaction."""

    _inherit = "nox.going.live"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _accept(self, records):
        """The PBXs of a workbook without faults, with all that belongs to them."""
        quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        customers = quiet._make_customers(records)
        pbxs = quiet._make_pbxs(records, customers)
        quiet._train_administrators(records, pbxs)
        quiet._start_plans(records, pbxs)
        quiet._make_users(records, pbxs)
        quiet._price_users(records, pbxs)
        return self.env["nox.pbx"].union(*pbxs.values())

    def _make_customers(self, records):
        """``{key of a row: customer}``: who is there already stays as it is."""
        customers = self._known_customers(records)
        fresh = [
            row
            for row in records["customers"]
            if going_live.key_of(row, "customer") not in customers
        ]
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        countries = {
            country.code.casefold(): country.id
            for country in self.env["res.country"].search([])
        }
        made = self.env["res.partner"].create(
            [
                {
                    "name": row["customer"],
                    "is_company": True,
                    "company_registry": row.get("registry") or False,
                    "vat": row.get("vat") or False,
                    "email": row.get("email") or False,
                    "street": row.get("street") or False,
                    "zip": row.get("zip") or False,
                    "city": row.get("city") or False,
                    "country_id": countries.get(
                        (row.get("country") or "").casefold(),
                        self.company_id.country_id.id,
                    ),
                    "lang": next(
                        (
                            code
                            for code in langs
                            if row.get("language")
                            and code.startswith(row["language"].casefold()[:2])
                        ),
                        self.env.lang,
                    ),
                }
                for row in fresh
            ]
        )
        for row, partner in zip(fresh, made, strict=True):
            customers[going_live.key_of(row, "customer")] = partner
        return customers

    def _make_pbxs(self, records, customers):
        """``{key of a row: PBX}``. Where the plan starts later, or needs an
        administrator first, the PBX begins as any other."""
        made = self.env["nox.pbx"].create(
            [
                {
                    "name": row["pbx"],
                    "partner_id": customers[going_live.key_of(row, "customer")].id,
                    "company_id": self.company_id.id,
                    "accepted_on": row["accepted_on"],
                    **self._first_plan(row),
                }
                for row in records["pbxs"]
            ]
        )
        return {
            going_live.key_of(row, "customer", "pbx"): pbx
            for row, pbx in zip(records["pbxs"], made, strict=True)
        }

    def _first_plan(self, row):
        plan = self._plans()[row["plan"].casefold()]
        if plan.requires_certified_admin:
            return {}
        if going_live.plan_since(row) > row["accepted_on"]:
            return {}
        period = {"plan_id": plan.id, "date_start": row["accepted_on"]}
        return {"period_ids": [Command.create(period)]}

    def _train_administrators(self, records, pbxs):
        """Trainings that were held before: recorded, and billed by nobody."""
        trained = [row for row in records["pbxs"] if row.get("administrator")]
        people = self.env["res.partner"].create(
            [
                {
                    "name": row["administrator"],
                    "email": row.get("administrator_email") or False,
                    "parent_id": pbxs[
                        going_live.key_of(row, "customer", "pbx")
                    ].partner_id.id,
                }
                for row in trained
            ]
        )
        zone = self.company_id._service_timezone()
        for row, person in zip(trained, people, strict=True):
            morning = zone.localize(datetime.combine(row["trained_on"], time(9)))
            self.env["nox.admin.training"].create(
                {
                    "company_id": self.company_id.id,
                    "pbx_id": pbxs[going_live.key_of(row, "customer", "pbx")].id,
                    "partner_id": person.id,
                    "is_external": True,
                    "start_at": morning.astimezone(pytz.UTC).replace(tzinfo=None),
                    "result": "passed",
                }
            )

    def _start_plans(self, records, pbxs):
        """The plans that could not start with the PBX."""
        plans = self._plans()
        for row in records["pbxs"]:
            pbx = pbxs[going_live.key_of(row, "customer", "pbx")]
            plan, since = plans[row["plan"].casefold()], going_live.plan_since(row)
            if pbx._plan_on(since) != plan:
                pbx._start_plan(plan, since)

    def _make_users(self, records, pbxs):
        """Users in their order on the sheet."""
        rows = records["users"]
        for start in range(0, len(rows), CHUNK):
            self.env["nox.pbx.seat"].create(
                [
                    {
                        "name": row["user"],
                        "extension": going_live.extension_of(row),
                        "pbx_id": pbxs[going_live.key_of(row, "customer", "pbx")].id,
                        "date_start": row["first_day"],
                        "date_end": row.get("last_day") or False,
                        "charged": row.get("counts", True),
                    }
                    for row in rows[start : start + CHUNK]
                ]
            )

    def _price_users(self, records, pbxs):
        """One contract per customer, with a line for the price of each PBX. A customer
        who has a service contract gets the line there, by the way of *Change plan*."""
        Period = self.env["nox.pbx.plan"]
        plans = self._plans()
        priced = {}
        for row in records["pbxs"]:
            if row.get("price"):
                pbx = pbxs[going_live.key_of(row, "customer", "pbx")]
                priced.setdefault(pbx.partner_id, []).append((row, pbx))
        contracts = self.env["contract.contract"].search(
            [
                ("partner_id", "in", [customer.id for customer in priced]),
                ("company_id", "=", self.company_id.id),
                ("contract_line_ids.is_seat_line", "=", True),
            ]
        )
        values, together = [], []
        for customer, own in priced.items():
            if customer in contracts.partner_id:
                for row, pbx in own:
                    vals = self._seat_line_vals(row, pbx, plans)
                    line = Period._create_seat_line(
                        pbx,
                        plans[row["plan"].casefold()].seat_product_id,
                        vals["quantity"],
                        vals["specific_price"],
                        vals["date_start"],
                    )
                    self._set_price(row, pbx, line)
                continue
            lines = [self._seat_line_vals(row, pbx, plans) for row, pbx in own]
            values.append(
                {
                    **Period._prepare_seat_contract_vals(own[0][1]),
                    "contract_line_ids": [Command.create(line) for line in lines],
                }
            )
            together.append(own)
        made = by_code(self.env["contract.contract"]).create(values)
        for contract, own in zip(made, together, strict=True):
            lines = contract.contract_line_ids.sorted("id")
            for (row, pbx), line in zip(own, lines, strict=True):
                self._set_price(row, pbx, line)

    def _seat_line_vals(self, row, pbx, plans):
        since = going_live.plan_since(row)
        return self.env["nox.pbx.plan"]._prepare_seat_line_vals(
            pbx,
            plans[row["plan"].casefold()].seat_product_id,
            pbx._users_on(max(since, self.first_month)),
            float(row["price"]),
            since,
        )

    def _set_price(self, row, pbx, line):
        """In sudo, as *Change plan*: the line of a period is code's."""
        pbx._running_period(going_live.plan_since(row)).sudo().write(
            {
                "billed_until": row.get("billed_until") or False,
                "contract_line_id": line.id,
            }
        )
