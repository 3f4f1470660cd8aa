import io
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from ...policy import notice
from ..base.guard import by_code

_logger = logging.getLogger(__name__)
# Letters of one transaction, and of one PDF that is made at once and then parted.
BATCH = 50
MARGINS = {
    "data-report-margin-top": 15,
    "data-report-margin-bottom": 15,
    "data-report-header-spacing": 0,
}


class NoxNotice(models.Model):
    """The letter itself: written, mailed, brought back, read."""

    _inherit = "nox.notice"

    # ------------------------------------------------------------------
    # BUSINESS: the text
    # ------------------------------------------------------------------

    def _letter_lang(self):
        """The customer's own language."""
        self.ensure_one()
        return self.partner_id._service_lang()

    def _ending_sentence(self):
        """How the customer can end instead, in his language: the company's sentence,
        or ours."""
        self.ensure_one()
        own = self.with_context(lang=self._letter_lang())
        last = format_date(own.env, fields.Date.subtract(self.day_in_force, days=1))
        text = own.company_id.sudo().service_notice_ending
        if text:
            return text.replace("{date}", last)
        return own.env._(
            "If you do not agree, you can end this service free of charge as of the day"
            " of the change. Let us know by %(date)s at the latest, by replying to our"
            " mail or by a letter.",
            date=last,
        )

    def _subject(self):
        """What the letter is about, in the language of the environment."""
        self.ensure_one()
        date = format_date(self.env, self.day_in_force, date_format="d MMMM yyyy")
        if self.ground == "terms":
            return self.env._("Change of our terms from %(date)s", date=date)
        if self.ground == "withdrawn":
            return self.env._("Your service plan changes from %(date)s", date=date)
        return self.env._("Your price per user changes from %(date)s", date=date)

    def _letter_url(self):
        """The letter in the portal, by its token, in its reader's language."""
        self.ensure_one()
        return self.partner_id._portal_link(self.get_portal_url())

    # ------------------------------------------------------------------
    # BUSINESS: writing
    # ------------------------------------------------------------------

    def _write_letters(self):
        """Make the PDF of these letters, with a day in force that leaves the term from
        today; what a customer got before stays attached to the record."""
        for letter in self:
            today = letter.company_id._service_today()
            by_code(letter).write(
                {
                    "day_in_force": notice.day_in_force(
                        letter.wanted_on, today, letter.term_days
                    )
                }
            )
            by_code(letter).write({"ending_text": letter._ending_sentence()})
        pdfs = self._make_pdfs()
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{letter.name.replace('/', '-')}.pdf",
                    "raw": pdfs[letter],
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": letter.id,
                }
                for letter in self
            ]
        )
        for letter, attachment in zip(self, attachments):
            by_code(letter).write({"attachment_id": attachment.id})

    def _make_pdfs(self):
        """``{letter: PDF}``. Starting the program that prints costs more than a
        letter, so many are printed at once and parted by the number on their first
        pages; where that does not come out, one by one."""
        if len(self) > 1:
            found = self._part(self._print_together())
            if found:
                return found
        return {letter: letter._print_together() for letter in self}

    def _print_together(self):
        """One PDF of all these letters."""
        html = self.env["ir.qweb"]._render(
            "nox_voip_service.notice_letters", {"letters": self}
        )
        report = self.env["ir.actions.report"].sudo()
        if report.get_wkhtmltopdf_state() == "install":
            raise UserError(
                self.env._("The program that prints PDFs (wkhtmltopdf) is missing.")
            )
        return report._run_wkhtmltopdf([html], specific_paperformat_args=MARGINS)

    def _part(self, pdf):
        """``{letter: its pages}``; empty when the pages are not those of these
        letters in their order."""
        reader = PdfFileReader(io.BytesIO(pdf))
        waiting, parts, writer = list(self), {}, None
        for number in range(reader.numPages):
            page = reader.getPage(number)
            text = "".join(page.extractText().split())
            if waiting and "".join(waiting[0].name.split()) in text:
                writer = parts[waiting.pop(0)] = PdfFileWriter()
            if writer is None:
                return {}
            writer.addPage(page)
        return {} if waiting else {key: _content(each) for key, each in parts.items()}

    # ------------------------------------------------------------------
    # BUSINESS: sending
    # ------------------------------------------------------------------

    def _send_letters(self):
        """Write these letters, mail those that have an address by the mail queue, and
        tell the PBXs."""
        self._write_letters()
        to_mail = self.filtered(lambda letter: not letter.by_post)
        if to_mail:
            mails = (
                self.env.ref("nox_voip_service.mail_template_notice")
                .sudo()
                .send_mail_batch(
                    to_mail.ids, email_layout_xmlid="mail.mail_notification_light"
                )
            )
            by_letter = {mail.res_id: mail for mail in mails}
            for letter in to_mail:
                mail = by_letter[letter.id]
                mail.attachment_ids = letter.attachment_id
                by_code(letter).sudo().write({"mail_id": mail.id})
        for letter in (self - to_mail)._in_staff_language():
            letter._alarm(
                letter.env._(
                    "%(customer)s has no mail address: send the letter by post.",
                    customer=letter.partner_id.name,
                )
            )
        self._tell_pbxs(
            {
                letter: letter.env._(
                    "by mail to %(address)s", address=letter.email or ""
                )
                if letter in to_mail
                else letter.env._("by post, still to be posted")
                for letter in self._in_staff_language()
            }
        )

    def _tell_pbxs(self, ways):
        """Who is told what, how, on each PBX.

        :param ways: words for the way of each letter
        """
        bodies = {}
        for letter in self._in_staff_language():
            for line in letter.line_ids:
                bodies[line.pbx_id.id] = letter.env._(
                    "Letter %(letter)s to %(customer)s, %(way)s. %(change)s, from"
                    " %(date)s.",
                    letter=letter.name,
                    customer=letter.partner_id.name,
                    way=ways[letter],
                    change=line._change_text(),
                    date=format_date(letter.env, letter.day_in_force),
                )
        # In sudo: a letter is told to PBXs that the one who posts it need not edit.
        pbxs = self.env["nox.pbx"].sudo().browse(bodies)
        pbxs._message_log_batch(bodies=bodies)

    def _refresh_delivery(self):
        """What the mail queue made of the mails of these letters."""
        for letter in self.sudo():
            mail = letter.mail_id
            if mail.state == "sent":
                by_code(letter).write({"sent_at": mail.write_date})
            elif mail.state in ("exception", "cancel"):
                letter._came_back(mail.failure_reason or mail.state)

    def _message_receive_bounce(self, email, partner):
        res = super()._message_receive_bounce(email, partner)
        for letter in self.filtered(lambda letter: not letter.by_post):
            letter._came_back(
                letter._in_staff_language().env._(
                    "The mail to %(address)s came back.", address=email
                )
            )
        return res

    def _came_back(self, reason):
        """The mail did not arrive: somebody has to do it again."""
        self.ensure_one()
        own = self._in_staff_language()
        by_code(self).sudo().write(
            {"returned_at": fields.Datetime.now(), "return_reason": reason}
        )
        own._alarm(
            own.env._(
                "The letter to %(customer)s came back. Correct the address and send it"
                " again, or send it by post.",
                customer=self.partner_id.name,
            )
        )

    def _read_by(self, who):
        """The customer opened the letter: the first time is the proof.

        :param who: name of the log-in; empty: by the link of the mail
        """
        for letter in self.sudo().filtered(
            lambda letter: letter.attachment_id and not letter.opened_at
        ):
            by_code(letter).write(
                {
                    "opened_at": fields.Datetime.now(),
                    "opened_by": who
                    or letter._in_staff_language().env._("By the link in the mail"),
                }
            )
            if not letter.lack:
                letter._close_alarms()

    @api.model
    def _to_write(self):
        return self.search(
            [
                ("attachment_id", "=", False),
                ("withdrawn_at", "=", False),
                ("started_at", "=", False),
            ],
            order="id",
        )

    @api.model
    def _send_waiting(self, progress):
        """The queue: batch by batch, each kept as soon as it is done. A letter that
        cannot be written stops no other.

        :return: whether there is time for more
        """
        waiting = self._to_write()
        progress(remaining=len(waiting))
        while waiting:
            batch, waiting = waiting[:BATCH], waiting[BATCH:]
            batch._send_safely()
            if not progress(len(batch)):
                return False
        return True

    def _send_safely(self):
        """Halve what fails, until the letter stands alone that does."""
        try:
            with self.env.cr.savepoint():
                self._send_letters()
        except Exception as error:
            if len(self) > 1:
                half = len(self) // 2
                self[:half]._send_safely()
                self[half:]._send_safely()
                return
            _logger.exception("Letter %s could not be sent", self.name)
            own = self._in_staff_language()
            own._alarm(
                own.env._("The letter could not be sent: %(why)s", why=str(error)[:200])
            )


def _content(writer):
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
