import io
from datetime import date

from freezegun import freeze_time

from odoo import Command, fields
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.pdf import PdfFileReader

from .common_house import MODULE, HouseMixin


class NoxVoipMixin(HouseMixin):
    """Factories that read as the business speaks; shared by the transaction and the
    browser tests. They make their own records in a company with the Dutch chart."""

    test_module = MODULE

    @classmethod
    def setUpNox(cls):
        cls._settle()
        cls.block_product = cls.env.ref(f"{MODULE}.product_time")
        cls.stage_done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.stage_work = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        cls.stage_dropped = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        cls.day = fields.Date.subtract(cls.company._service_today(), days=3)
        cls.customer = cls._customer("Bakkerij De Vries")

    @classmethod
    def _customer(cls, name, **values):
        return cls.env["res.partner"].create(cls._customer_values(name, **values))

    @classmethod
    def _customer_values(cls, name, **values):
        return {
            "name": name,
            "is_company": True,
            "email": "info@customer.example",
            "country_id": cls.env.ref("base.nl").id,
            "lang": "en_US",
            **values,
        }

    @classmethod
    def _portal_user(cls, customer, login, **values):
        user = new_test_user(cls.env, login=login, groups="base.group_portal")
        user.partner_id.write({"parent_id": customer.id, "name": login, **values})
        return user

    @classmethod
    def _dollar(cls):
        """The US dollar: since 2026 two of them are a euro."""
        dollar = cls.env.ref("base.USD")
        dollar.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": cls.company.id,
                "name": "2026-01-01",
                "rate": 2,
            }
        )
        return dollar

    @classmethod
    def _pbx(cls, plan=None, customer=None, accepted_on=None, start=None, **values):
        """An accepted PBX on a plan, long enough ago for any test."""
        accepted_on = accepted_on or fields.Date.subtract(cls.day, years=1)
        plan = plan or cls.standard
        # A plan that asks for a certified administrator starts when there is one.
        gated = plan.requires_certified_admin
        pbx = cls.env["nox.pbx"].create(
            cls._pbx_values(
                cls.standard if gated else plan,
                customer or cls.customer,
                accepted_on,
                start or accepted_on,
                **values,
            )
        )
        if gated:
            cls._certified(pbx, "Administrator", on=start or accepted_on)
            pbx.period_ids.plan_id = plan
        return pbx

    @classmethod
    def _pbx_values(cls, plan, customer, accepted_on, start, **values):
        return {
            "name": "PBX",
            "partner_id": customer.id,
            "company_id": cls.company.id,
            "accepted_on": accepted_on,
            "period_ids": [Command.create({"plan_id": plan.id, "date_start": start})],
            **values,
        }

    @classmethod
    def _sell(
        cls, pbx, price=7.5, users=0, start=date(2026, 1, 1), signed="2026-01-01"
    ):
        """Sell the contract on a sale order, and let so many users start with it."""
        return cls._sell_together([(pbx, price, users, start)], signed)

    @classmethod
    def _sell_together(cls, sales, signed):
        """The same of several contracts of one day, on an order each.

        :param sales: (PBX, price, users, start) of each
        """
        product = cls.env.ref(f"{MODULE}.product_seat")
        with freeze_time(f"{signed} 09:00"):
            orders = cls.env["sale.order"].create(
                [
                    {
                        "partner_id": pbx.partner_id.id,
                        "company_id": cls.company.id,
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": product.id,
                                    "product_uom_qty": users or 1,
                                    "price_unit": price,
                                    "service_pbx_id": pbx.id,
                                    "service_start_on": start,
                                }
                            )
                        ],
                    }
                    for pbx, price, users, start in sales
                ]
            )
            orders.action_confirm()
            for pbx, _price, users, start in sales:
                cls._seats(pbx, users, start)
        return orders

    @classmethod
    def _seats(cls, pbx, count, start, first=100):
        """So many users of each of these PBXs."""
        return cls.env["nox.pbx.seat"].create(
            [
                {
                    "name": f"User {first + number}",
                    "extension": str(first + number),
                    "pbx_id": each.id,
                    "date_start": start,
                }
                for each in pbx
                for number in range(count)
            ]
        )

    @classmethod
    def _contact(cls, customer, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": customer.id,
                "email": f"{name.split()[0].lower()}@customer.example",
                "lang": customer.lang,
                **values,
            }
        )

    @classmethod
    def _certified(cls, pbx, person, on=None, **values):
        """Somebody who passed the training on a day, recorded afterwards."""
        if isinstance(person, str):
            person = cls._contact(pbx.partner_id, person)
        on = on or cls.day
        return cls.env["nox.admin.training"].create(
            {
                "company_id": cls.company.id,
                "partner_id": person.id,
                "pbx_id": pbx.id,
                "is_external": True,
                "start_at": f"{on} 09:00:00",
                "result": "passed",
                **values,
            }
        )

    @classmethod
    def _category(cls, key):
        return cls.env.ref(f"{MODULE}.category_{key}")

    @classmethod
    def _ticket(cls, pbx, category="call_group", **values):
        """A request on `self.day`, as the coordinator takes it in."""
        tickets = cls.env["helpdesk.ticket"].with_context(
            # Nobody here reads the mail that tells its technician of it.
            mail_auto_subscribe_no_notify=True
        )
        ticket = tickets.create(
            {
                "name": "Change",
                "description": "<p>Please change this.</p>",
                "partner_id": pbx.partner_id.id,
                "pbx_id": pbx.id,
                "company_id": cls.company.id,
                "category_id": cls._category(category).id,
                "requested_on": cls.day,
                "user_id": cls.technician.id,
                **values,
            }
        )
        return ticket.with_env(cls.env)

    @classmethod
    def _log(cls, ticket, *minutes, user=None, day=None, **values):
        """Time entries of so many minutes each, by the technician."""
        lines = cls.env["account.analytic.line"]
        for each in minutes:
            lines |= (
                lines.with_user(user or cls.technician)
                .create(
                    {
                        "ticket_id": ticket.id,
                        "name": "Work",
                        "unit_amount": each / 60,
                        "date": day or cls.day,
                        **values,
                    }
                )
                .sudo()
            )
        return lines

    @classmethod
    def _send(cls, ticket):
        ticket.with_user(cls.coordinator).action_send_quote()
        return ticket.quote_id

    @classmethod
    def _approve(cls, ticket):
        """Send the newest quote if it was not, and sign it as the portal does."""
        if ticket.quote_state == "draft":
            cls._send(ticket)
        quote = ticket.quote_id
        quote.write(
            {
                "signed_by": "Anna de Vries",
                "signed_on": fields.Datetime.now(),
                "signature": b"R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs=",
            }
        )
        quote._validate_order()
        return quote

    def _without_mails_of_quotes(self):
        """Where nobody looks at the mails with a quote and with its approval: none are
        written."""
        Order = self.registry["sale.order"]
        self.patch(Order, "_mail_quote", lambda *args, **options: None)
        self.patch(
            Order, "_send_order_notification_mail", lambda *args, **options: None
        )

    @classmethod
    def _over_the_hour(cls, pbx, estimated_minutes=90, **values):
        """A ticket of 61 minutes with its quote ready to send."""
        ticket = cls._ticket(pbx, **values)
        cls._log(ticket, 61)
        ticket.estimated_minutes = estimated_minutes
        return ticket

    @classmethod
    def _decline(cls, ticket, reason="Too expensive"):
        if ticket.quote_state == "draft":
            cls._send(ticket)
        ticket.quote_id._service_withdraw(reason)

    @classmethod
    def _finish(cls, tickets):
        tickets.stage_id = cls.stage_done
        return tickets

    @classmethod
    def _invoice(cls, tickets, post=True):
        """The invoices that the accountant makes of these tickets."""
        unfinished = tickets.filtered(lambda ticket: not ticket.is_finished)
        cls._finish(unfinished)
        action = tickets.with_user(cls.accountant).action_invoice_service_work()
        moves = cls.env["account.move"].search(
            action["domain"]
            if not action.get("res_id")
            else [("id", "=", action["res_id"])]
        )
        if post:
            moves.action_post()
        return moves

    @classmethod
    def _refund(cls, move, rebill="no", modify=False):
        """The draft credit note (or with `modify` the new invoice) of each invoice."""
        wizard = (
            cls.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id, "service_rebill": rebill})
        )
        if modify:
            wizard.modify_moves()
        else:
            wizard.reverse_moves()
        return cls.env["account.move"].browse(wizard.new_move_ids.ids)

    @classmethod
    def _rpc(cls, user, model, method, *args, **kwargs):
        """Call a public method as the web client of this user does."""
        cls.env.flush_all()
        return call_kw(cls.env[model].with_user(user), method, list(args), kwargs)

    def _pdf_text(self, content):
        pages = PdfFileReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def assertState(self, ticket, **expected):
        """Stored figures of a ticket, all at once."""
        self.assertEqual({name: ticket[name] for name in expected}, expected)

    def assertSentence(self, refusal):
        """The refusal says something: a capital, words, a full stop."""
        self.assertRegex(str(refusal.exception), r"^[A-Z0-9].* .*\.$")


@tagged("standard", "post_install", "-at_install")
class NoxVoipCommon(NoxVoipMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
