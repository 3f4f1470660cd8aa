"""What a customer tells in confidence stands on no paper, whatever paper it is."""

import json
import logging
from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged

from ..common_cents import NoxCentsCommon
from ..common_notice import letter_of_terms
from ..common_paper import Papers

# Where a customer can write: a word that must not travel from there, in a sentence.
SECRETS = {
    "subject": ("Zx9subject", "New menu, wachtwoord Zx9subject"),
    "description": ("Zx9describe", "<p>Het wachtwoord van 201 is Zx9describe</p>"),
    "reference": ("Zx9reference", "PO 7, wachtwoord: Zx9reference"),
    "refusal": ("Zx9refusal", "Te duur, wachtwoord: Zx9refusal"),
    "remark": ("Zx9remark", "Goed zo. Wachtwoord: Zx9remark"),
    "question": ("Zx9question", "Wat is dit? Wachtwoord: Zx9question"),
    "entry": ("Zx9entry", "Gezet, wachtwoord: Zx9entry"),
    "user": ("48211", "Jansen pin 48211"),
}
REASON = ("Zx9reason", "Klant zegt: wachtwoord is Zx9reason")


class Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@tagged("standard", "post_install", "-at_install")
class TestSecrets(Papers, NoxCentsCommon):
    """One customer who writes secrets everywhere, through a whole month."""

    def setUp(self):
        super().setUp()
        self.log = Lines()
        root = logging.getLogger()
        self.addCleanup(root.removeHandler, self.log)
        root.addHandler(self.log)

    def _asked(self, pbx, category="new_number", **values):
        with freeze_time("2026-03-20 09:00"):
            return self._ticket(
                pbx,
                category,
                name=SECRETS["subject"][1],
                description=SECRETS["description"][1],
                customer_reference=SECRETS["reference"][1],
                requested_on=date(2026, 3, 20),
                **values,
            )

    def _worked(self, ticket, *minutes):
        with freeze_time("2026-03-20 10:00"):
            self._log(ticket, *minutes, day=date(2026, 3, 20), name=SECRETS["entry"][1])
        return ticket

    def _month_of_secrets(self):
        """``(tickets, orders)`` of a customer of March 2026."""
        self.pbxs = pbx = self._customer_pbx("Bakery")
        self._sell(pbx, 10, 2, date(2026, 3, 1), "2026-03-01")
        pbx.seat_ids[0].name = SECRETS["user"][1]
        pbx.seat_ids[0].date_end = date(2026, 3, 20)
        short = self._worked(self._asked(pbx), 20)
        free = self._worked(self._asked(pbx, "call_group"), 20)
        quoted = self._asked(pbx, estimated_minutes=120)
        refused = self._asked(pbx, estimated_minutes=150)
        with freeze_time("2026-03-20 11:00"):
            self.env["nox.block.waiver"].create(
                {"ticket_id": short.id, "blocks": 1, "reason": REASON[1]}
            )
            self.env["nox.coverage.override"].create(
                {"ticket_id": free.id, "coverage": "covered", "reason": REASON[1]}
            )
            self._approve(quoted)
            self._worked(quoted, 90)
            self._decline(refused, SECRETS["refusal"][1])
            done = short | free | quoted
            self._finish(done)
            short._sign_off(short.partner_id, "Anna de Vries", SECRETS["remark"][1])
        waiting = self._asked(pbx, estimated_minutes=90)
        with freeze_time("2026-03-20 12:00"):
            self._send(waiting)
            self.env.flush_all()
        return done | refused | waiting

    def _papers_before(self, tickets):
        """What is shown or sent before anything is billed."""
        orders = tickets.service_order_ids
        for order in orders:
            yield (
                f"order {order.name}",
                " ".join(
                    filter(
                        None, [order.client_order_ref, *order.order_line.mapped("name")]
                    )
                ),
            )
            yield f"printed {order.name}", self._html("sale.report_saleorder", order)
        for template, records in (
            ("service_quote", orders.filtered(lambda o: o.service_kind == "quote")),
            ("work_report", tickets),
        ):
            template = self.env.ref(f"nox_voip_service.mail_template_{template}")
            for values in template._generate_template(
                records.ids, ("subject", "body_html")
            ).values():
                yield template.name, f"{values['subject']} {values['body_html']}"
        for ticket in tickets:
            yield f"work report {ticket.number}", self._paper("report_work", ticket)
        for line in self._rehearse("2026-04-01"):
            yield "rehearsal", json.dumps(line.detail_ids.read(["name", "text"]))
        with freeze_time("2026-03-31 21:00"):
            self.env["nox.invoice.preview"]._store(
                self.company,
                self.pbxs.commercial_partner_id,
                date(2026, 3, 1),
                date(2026, 4, 1),
            )
            yield "next invoice", str(self.pbxs._portal_next_invoice())
        preview = self.env["nox.invoice.preview"].search(
            [("commercial_partner_id", "=", self.pbxs.commercial_partner_id.id)]
        )
        yield "preview", json.dumps(preview.lines)
        letter = letter_of_terms(self.pbxs)
        yield (
            "price letter",
            str(
                self.env["ir.qweb"]._render(
                    "nox_voip_service.notice_letters", {"letters": letter}
                )
            ),
        )

    def _papers_after(self, moves):
        for move in moves:
            yield "lines", " ".join(move.invoice_line_ids.mapped("name"))
            yield "reference", f"{move.ref} {move.payment_reference}"
            yield "printed invoice", self._html("account.report_invoice", move)
            yield "UBL", etree.tostring(self._ubl(move), encoding="unicode")
            yield "statement", self._paper("report_statement", move)
            yield "evidence", json.dumps(move._evidence_pack())
            yield "printed evidence", self._paper("report_evidence", move)

    def _html(self, report, record):
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, record.ids
        )
        return page.decode()

    def _found(self, papers):
        """``{(paper, where it was written)}`` of each secret that is still to be read;
        every paper has something on it."""
        words = {**SECRETS, "reason": REASON}
        found = set()
        for paper, text in papers:
            self.assertTrue(text, paper)
            found |= {
                (paper, where) for where, (word, _text) in words.items() if word in text
            }
        return found

    def test_no_paper_has_a_secret(self):
        tickets = self._month_of_secrets()
        self.assertFalse(self._found(self._papers_before(tickets)))
        moves = self._bill(self.pbxs.partner_id, "2026-04-01")
        line = moves.invoice_line_ids.filtered("price_subtotal")[:1]
        dispute = moves._dispute_line(
            line.id, SECRETS["question"][1], tickets.partner_id
        )
        self.assertTrue(dispute)
        self.env.flush_all()
        self.assertFalse(self._found(self._papers_after(moves)))
        self.assertFalse(
            self._found([("log", "\n".join([*self.log.lines, "one line"]))])
        )
        for ticket in tickets:
            self.assertIn(SECRETS["subject"][0], ticket.name)
