import re
from datetime import date

from lxml import html

from .common import NoxVoipMixin

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)


class Papers(NoxVoipMixin):
    """Papers as their text: the page that is printed, without printing it."""

    def _paper(self, report, record, user=None):
        """Text of a paper as this user prints it, blanks and lines made one."""
        self.env.flush_all()
        page, kind = (
            self.env["ir.actions.report"]
            .with_user(user or self.env.user)
            ._render_qweb_html(f"nox_voip_service.{report}", record.ids)
        )
        self.assertEqual(kind, "html")
        body = html.fromstring(page).find("body")
        return re.sub(r"\s+", " ", body.text_content()).strip()

    def _printed(self, report, record):
        """Text of the real PDF."""
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(f"nox_voip_service.{report}", record.ids)
        )
        self.assertEqual((kind, content[:5]), ("pdf", b"%PDF-"))
        return self._pdf_text(content)

    def assertSaid(self, text, *sentences):
        """These sentences stand in the text, in this order."""
        place = 0
        for sentence in sentences:
            found = text.find(sentence, place)
            self.assertGreaterEqual(found, 0, f"{sentence!r} is not in {text[place:]}")
            place = found + len(sentence)

    @classmethod
    def _dutch(cls, *records):
        cls.env["res.lang"]._activate_lang("nl_NL")
        for record in records:
            record.lang = "nl_NL"
