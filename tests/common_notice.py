from contextlib import contextmanager
from datetime import date

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from .common import NoxVoipCommon

DECEMBER = date(2026, 12, 1)
JANUARY = date(2027, 1, 1)
FEBRUARY = date(2027, 2, 1)


def letter_of_terms(pbx):
    """A letter about changed terms that is written; nothing is printed for it."""
    env, company, plan = pbx.env, pbx.company_id, pbx.plan_id
    day = fields.Date.add(company._service_today(), months=3)
    letter = (
        env["nox.notice"]
        .sudo()
        .create(
            {
                "company_id": company.id,
                "partner_id": pbx.partner_id.id,
                "ground": "terms",
                "ground_text": "New terms",
                "explanation": "Saturdays, for everybody",
                "wanted_on": day,
                "day_in_force": day,
                "term_days": 31,
                "ending_text": "You can end it.",
                "line_ids": [
                    Command.create(
                        {
                            "company_id": company.id,
                            "pbx_id": pbx.id,
                            "wanted_on": day,
                            "old_plan_id": plan.id,
                            "new_plan_id": plan.id,
                            "currency_id": company.currency_id.id,
                        }
                    )
                ],
            }
        )
    )
    letter.attachment_id = env["ir.attachment"].create(
        {
            "name": "letter.pdf",
            "raw": b"%PDF-1.4 as it was sent",
            "res_model": "nox.notice",
            "res_id": letter.id,
        }
    )
    return letter.sudo(False)


@tagged("standard", "post_install", "-at_install")
class NoxNoticeCommon(NoxVoipCommon):
    """Customers with a price per user, to whom a letter is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.service_notice_days = 31
        # Of the database's other customers nobody is written to.
        cls.env["nox.pbx.plan"].search(
            [("company_id", "=", cls.company.id), ("contract_line_id", "!=", False)]
        ).pbx_id.ended_on = date(2026, 6, 30)
        cls.pbx = cls._priced("Head office", 10)

    @classmethod
    def _priced(cls, name, price, customer=None):
        pbx = cls._pbx(customer=customer, name=name, accepted_on=date(2025, 12, 1))
        cls._sell(pbx, price, 1, date(2026, 3, 1), "2026-03-01")
        return pbx

    def _dialog(self, on="2026-12-01", user=None, **values):
        with freeze_time(f"{on} 09:00"):
            dialog = (
                self.env["nox.price.index"]
                .with_user(user or self.manager)
                .create(
                    {
                        "percentage": 3.5,
                        "company_id": self.company.id,
                        "ground_text": "CBS, October 2026: 3.5%",
                        **values,
                    }
                )
            )
            dialog.flush_recordset()
        return dialog

    def _letters(self, on="2026-12-01", **values):
        """Letters as the dialog puts them in the queue."""
        with freeze_time(f"{on} 09:00"):
            dialog = self._dialog(on, **values)
            found = dialog.action_apply()
        return self.env["nox.notice"].search(found["domain"], order="id")

    @contextmanager
    def _on(self, day):
        with freeze_time(f"{day} 10:00"):
            yield

    def _job(self, day):
        """The hourly job on a day, for the letters of this test."""
        with self._on(day):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref("nox_voip_service.cron_notices").method_direct_trigger()
            self.env.invalidate_all()

    def _sent(self, letters, day="2026-12-01"):
        """The mail queue handed the mails over on that day."""
        self._job(day)
        with self._on(day):
            for mail in letters.sudo().mail_id:
                mail.state = "sent"
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE mail_mail SET write_date = %s WHERE id IN %s",
                [f"{day} 10:00:00", tuple(letters.sudo().mail_id.ids)],
            )
            letters.sudo().mail_id.invalidate_recordset(["write_date"])
        self._job(day)

    def _read(self, letter):
        """The text of the PDF that the customer got."""
        return self._pdf_text(letter.attachment_id.raw)
