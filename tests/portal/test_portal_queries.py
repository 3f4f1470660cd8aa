from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin

FEW, MANY = 10, 1000


@tagged("standard", "post_install", "-at_install")
class TestPortalQueries(NoxVoipMixin, HttpCase):
    """A page asks the database the same for 10 and for 1,000 of what it lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.person = cls._portal_user(cls.customer, "nox_owner")
        cls.person.write(
            {"company_ids": [(6, 0, cls.company.ids)], "company_id": cls.company.id}
        )
        cls.pbx = cls._pbx(cls.standard, name="Head office")

    def _copies(self, record, count, **columns):
        """Ids of so many copies of a record's row.

        :param columns: SQL of a column's value, with ``n`` from 1 to `count`; a list
            gives each copy its own
        """
        self.env.flush_all()
        table = record._table
        self.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND column_name != 'id'",
            [table],
        )
        names = [name for (name,) in self.cr.fetchall()]
        values = {
            name: f"(ARRAY{value!r})[n]" if isinstance(value, list) else value
            for name, value in columns.items()
        }
        self.cr.execute(
            f"INSERT INTO {table} ({', '.join(names)})"
            f" SELECT {', '.join(values.get(name, 'source.' + name) for name in names)}"
            f" FROM {table} source, generate_series(1, {count}) n"
            f" WHERE source.id = {record.id} ORDER BY n RETURNING id"
        )
        ids = [row for (row,) in self.cr.fetchall()]
        self.env.invalidate_all()
        return ids

    def _queries(self, *urls):
        counts = {}
        self.authenticate("nox_owner", "nox_owner")
        for url in urls:
            for _warm in range(2):
                before = self.cr.sql_log_count
                response = self.url_open(url, allow_redirects=False)
                self.assertEqual(response.status_code, 200, url)
                counts[url] = self.cr.sql_log_count - before
        return counts

    def _check(self, grow, *urls, most=MANY):
        """:param grow: makes so many records more"""
        grow(FEW - 1)
        few = self._queries(*urls)
        grow(most - FEW)
        many = self._queries(*urls)
        for url in urls:
            with self.subTest(url=url):
                self.assertGreater(few[url], 5)
                self.assertLessEqual(many[url], few[url])

    def _more_pbxs(self, count):
        ids = self._copies(
            self.pbx,
            count,
            name=f"source.name || ' {count} ' || n",
            access_token="gen_random_uuid()",
        )
        self._copies(self.pbx.period_ids, count, pbx_id=ids)

    def test_telephone_systems(self):
        self._seats(self.pbx, 3, self.day)
        self._ticket(self.pbx)
        self._check(self._more_pbxs, "/my", "/my/telephony", "/my/telephony/request")

    def test_requests(self):
        ticket = self._ticket(self.pbx, "new_number")

        def grow(count):
            self._copies(
                ticket,
                count,
                number=f"source.number || '-{count}-' || n",
                access_token="gen_random_uuid()",
            )

        self._check(
            grow,
            "/my/tickets",
            "/my/tickets?groupby=stage",
            "/my/tickets?groupby=category",
            f"/my/ticket/{ticket.id}",
            f"/my/telephony/{self.pbx.id}",
        )

    def test_trainings(self):
        training = self._certified(self.pbx, "Jan Jansen")

        def grow(count):
            self._copies(
                training,
                count,
                start_at=f"source.start_at - (n + {count}) * interval '1 day'",
                certificate_number=f"source.certificate_number || '-{count}-' || n",
            )

        self._check(grow, "/my/trainings", f"/my/telephony/{self.pbx.id}")

    def test_lines_of_an_invoice(self):
        """Each line with a request and an order of its own."""
        ticket = self._ticket(self.pbx, "new_number")
        self._log(ticket, 38)
        invoice = self._invoice(ticket)
        line = invoice.invoice_line_ids.filtered("sale_line_ids")
        order_line = line.sale_line_ids

        def grow(count):
            tickets = self._copies(
                ticket,
                count,
                number=f"source.number || '-{count}-' || n",
                access_token="gen_random_uuid()",
            )
            orders = self._copies(
                order_line.order_id,
                count,
                name=f"source.name || '-{count}-' || n",
                service_ticket_id=tickets,
                access_token="gen_random_uuid()",
            )
            order_lines = self._copies(order_line, count, order_id=orders)
            # Of no amount: the invoice stays balanced.
            nothing = ("balance", "debit", "credit", "amount_currency")
            lines = self._copies(line, count, **dict.fromkeys(nothing, "0"))
            self.cr.execute(
                "INSERT INTO sale_order_line_invoice_rel (invoice_line_id,"
                " order_line_id) SELECT unnest(%s), unnest(%s)",
                [lines, order_lines],
            )

        # Odoo reads at most 1,000 records in one query: as many, with VAT and the
        # amount to pay.
        lines = MANY - len(invoice.line_ids - line)
        self._check(grow, f"/my/invoices/{invoice.id}", "/my/orders", most=lines)

    def test_users_of_a_charge(self):
        month = fields.Date.subtract(self.day.replace(day=1), months=1)
        pbx = self._pbx(name="Branch")
        self._sell(pbx, 7.5, 1, month, str(month))
        contract_line = pbx.period_ids.contract_line_id
        charge = self.env["nox.seat.charge"].create(
            {
                "period_id": contract_line.env["nox.pbx.plan"]
                .search([("contract_line_id", "=", contract_line.id)])
                .id,
                "company_id": self.company.id,
                "month": month,
                "quantity": 1,
                "price_unit": 7.5,
                "currency_id": self.company.currency_id.id,
            }
        )
        seat = pbx.seat_ids

        def grow(count):
            self._copies(seat, count, extension=f"'{count}' || n")

        contract = contract_line.contract_id
        self._check(
            grow,
            f"/my/charges/{charge.id}",
            f"/my/telephony/{pbx.id}",
            f"/my/telephony/{pbx.id}/users",
            f"/my/contracts/{contract.id}",
        )

        def grow_contracts(count):
            self._copies(contract, count, access_token="gen_random_uuid()")

        self._check(grow_contracts, "/my/contracts")
