from odoo import models
from odoo.tools import format_date, formatLang, html2plaintext


class SaleOrder(models.Model):
    """A quote for work in plain words: the same sentences on its page, on its PDF and
    in its mails."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _quote_words(self):
        """``["For request HT00012: …", "7 × 15 minutes of work, …", …]``: what will be
        done, how much work it is, what it costs, how long it is valid; then what its
        note says, which was kept with it: why it is billed, what was released before
        it and is billed whatever becomes of it, what happens above it.

        In sudo for these sentences alone: the request and its plan belong to models
        that a customer reads only in part. Empty for other orders, and for a quote that
        was declined or withdrawn.
        """
        self.ensure_one()
        if self.service_kind != "quote" or self.state == "cancel":
            return []
        order = self.sudo()
        words = [
            order._quote_subject_text(),
            order._quote_blocks_text(),
            order._portal_amount_text(),
        ]
        if order.state in ("draft", "sent") and order.validity_date:
            words.append(
                self.env._(
                    "The quote is valid until %(date)s.",
                    date=format_date(self.env, order.validity_date),
                )
            )
        note = html2plaintext(order.note or "").splitlines()
        return [*words, *(line.strip() for line in note if line.strip())]

    def _quote_subject_text(self):
        self.ensure_one()
        return self.env._(
            "For request %(request)s.",
            request=self.service_ticket_id._masked_title(),
        )

    def _quote_blocks_text(self):
        """ "7 × 15 minutes of work: together 1:45 hours, at € 20.50 per block." """
        self.ensure_one()
        line = self.order_line.filtered("is_service_time")[:1]
        block = self.service_ticket_id.plan_id.block_minutes
        hours, minutes = divmod(self.service_blocks * block, 60)
        return self.env._(
            "%(work)s: together %(hours)s hours, at %(price)s excl. VAT per %(block)s"
            " minutes.",
            work=self._portal_work_text(),
            hours=f"{hours}:{minutes:02d}",
            price=formatLang(
                self.env, line.price_reduce_taxexcl, currency_obj=self.currency_id
            ),
            block=block,
        )

    def _quote_sender(self):
        """The sender in one line, for a print without a heading."""
        self.ensure_one()
        company = self.company_id.sudo()
        place = " ".join(filter(None, [company.zip, company.city]))
        return ", ".join(
            filter(
                None,
                [company.name, company.street, place, company.phone, company.email],
            )
        )
