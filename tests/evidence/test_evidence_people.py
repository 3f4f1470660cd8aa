import json
import random
import re
from datetime import date

from odoo import Command
from odoo.tests import tagged

from ..common_cents import NoxCentsCommon
from .jobs import EvidenceMixin

MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


@tagged("standard", "post_install", "-at_install")
class TestEvidenceOfPeople(EvidenceMixin, NoxCentsCommon):
    """Whom a pack names: who worked, decided and signed; nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(3)
        customer = cls._customer(
            "Physio Practice", phone="+31 20 7654321", email="hello@practice.example"
        )
        cls.pbxs = cls._pbx(
            cls.contract_plan, customer, date(2026, 8, 1), name="Practice"
        )
        cls._sell(cls.pbxs, 7.5, 0, date(2026, 8, 1), "2026-08-01")
        cls.seats = cls.env["nox.pbx.seat"].create(
            [
                {
                    "name": name,
                    "extension": str(200 + number),
                    "pbx_id": cls.pbxs.id,
                    "date_start": date(2026, 8, 1 + number),
                }
                for number, name in enumerate(("Wilhelmina Quax", "Ferdinand Zwart"))
            ]
        )
        cls.asker = cls._contact(customer, "Josephine Asker", phone="+31 6 11223344")
        cls.pbxs.administrator_ids = [Command.link(cls.asker.id)]

    def _walk(self, value):
        if isinstance(value, dict):
            for each in value.values():
                yield from self._walk(each)
        elif isinstance(value, list):
            for each in value:
                yield from self._walk(each)
        elif isinstance(value, str):
            yield value

    def test_names(self):
        ticket = self._job_supplement(self.pbxs, self.rng)
        waived = self._job_waived(self.pbxs, self.rng)
        (ticket | waived).partner_id = self.asker
        self._run("2026-09-01")
        move = self._moves()
        move.action_post()
        pack = self.assertPack(move)
        texts = list(self._walk(pack))
        whole = json.dumps(pack, ensure_ascii=False)
        for seat in self.seats:
            self.assertNotIn(seat.name, whole)
            self.assertIn(seat.extension, texts)
        self.assertNotIn(self.asker.name, whole)
        self.assertFalse([each for each in texts if MAIL.search(each)])
        for partner in (self.asker, self.pbxs.partner_id):
            self.assertNotIn(partner.phone, whole)
            self.assertNotIn(partner.email, whole)
        # Who worked, who gave blocks away, and who signed.
        for name in (self.technician.name, self.coordinator.name, "Anna de Vries"):
            self.assertIn(name, texts)

    def test_paper_names_nobody_else(self):
        self._job_supplement(self.pbxs, self.rng)
        self._run("2026-09-01")
        move = self._moves()
        move.action_post()
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "nox_voip_service.action_report_evidence", move.ids
        )
        text = page.decode()
        self.assertIn(move.evidence_head, text)
        self.assertIn("Anna de Vries", text)
        for seat in self.seats:
            self.assertNotIn(seat.name, text)

    def test_mail_by_setting(self):
        move = self._job_short(self.pbxs, self.rng)
        move = self._invoice(move)
        Send = self.env["account.move.send"]
        for attached in (False, True):
            self.company.service_evidence_attached = attached
            Send._generate_and_send_invoices(move)
            names = move.message_ids.sorted("id")[-1:].attachment_ids.mapped("name")
            number = move.name.replace("/", "-")
            self.assertEqual(f"Evidence {number}.pdf" in names, attached)
            self.assertEqual(
                any(name.endswith(".evidence.json") for name in names), attached
            )
