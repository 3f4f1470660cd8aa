import re
from typing import NamedTuple

from markupsafe import escape

from odoo import fields, models, tools
from odoo.tools import SQL, format_date
from odoo.tools.sql import escape_psql

from odoo.addons.nox_voip_service.policy import retention


def spelled(text):
    """A name or an address as it is compared: ``"  jan  JANSEN "`` is Jan Jansen."""
    return " ".join((text or "").split()).casefold()


class Person(NamedTuple):
    """Of whom we look what we keep: by contact, by name, by mail address.

    :param customer: at whom a name or an address counts; anywhere when empty
    """

    name: str
    email: str
    contact: models.BaseModel
    customer: models.BaseModel

    def is_called(self, text):
        return bool(text and self.name) and spelled(text) == spelled(self.name)

    def struck_from(self, text, other):
        """The text with another word wherever this person is named, by name or by
        address; in HTML too."""
        for mine in (self.name, *tools.email_split(self.email or "")):
            words = re.escape(mine) + "|" + re.escape(str(escape(mine)))
            text = re.sub(
                rf"(?<!\w)(?:{words})(?!\w)", other, text, flags=re.IGNORECASE
            )
        return text

    def has_address(self, text):
        mine = {each.lower() for each in tools.email_split(self.email or "")}
        return bool(mine & {each.lower() for each in tools.email_split(text or "")})

    def domain(self, customer, contacts=(), names=(), emails=()):
        """What may be this person's: by contact wherever it is, by name or address at
        the customer.

        :param customer: the field with the customer
        """
        by_contact = [
            fields.Domain(field, "in", self.contact.ids)
            for field in contacts
            if self.contact
        ]
        by_word = []
        if self.name:
            # More than one space is found too: `is_called` looks closer.
            like = "%".join(escape_psql(each) for each in self.name.split())
            by_word += [fields.Domain(field, "=ilike", like) for field in names]
        for address in tools.email_split(self.email or ""):
            like = escape_psql(address)
            by_word += [fields.Domain(field, "ilike", like) for field in emails]
        found = fields.Domain.OR(by_word)
        if self.customer:
            found &= fields.Domain(customer, "in", self.customer.ids)
        return found | fields.Domain.OR(by_contact)


class NoxPrivacyKept(models.AbstractModel):
    """What names a person: how long it stays, what it says, and how the person goes
    from it while the rest stays."""

    _name = "nox.privacy.kept"
    _description = "What Names a Person"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _privacy_search(self, person):
        """The records that name this person, as far as the user may read them."""
        return self.browse()

    def _privacy_day(self):
        """The day that the years of the books count from; empty while it is in use."""
        return False

    def _privacy_in_years(self):
        """Why the name has to stay now, in a sentence; empty when its time is over."""
        self.ensure_one()
        company = self._privacy_company()
        day = self._privacy_day()
        if not day:
            return self.env._("Still in use.")
        until = retention.kept_until(day, company.service_retention_years)
        if not until:
            return self.env._("Kept: the company has set no number of years.")
        if company._service_today() <= until:
            return self.env._(
                "Kept until %(day)s, as long as the books.",
                day=format_date(self.env, until),
            )
        return ""

    def _privacy_stays(self, person):
        """Why the person is not erased from it now; empty when he may be."""
        return self._privacy_in_years()

    def _privacy_company(self):
        return self.company_id or self.env.company

    def _privacy_kind(self):
        """What such a record is called, for people."""
        return self.env["ir.model"]._get(self._name).sudo().name

    def _privacy_facts(self, person):
        """``[(label, text)]`` of what it says of the person."""
        return []

    def _privacy_labelled(self, *names):
        """Fields of this record that say something, each with its label."""
        self.ensure_one()
        found = []
        for name in names:
            field, value = self._fields[name], self[name]
            if not value:
                continue
            label = field._description_string(self.env)
            if field.type in ("many2one", "many2many"):
                value = ", ".join(value.mapped("display_name"))
            elif field.type == "selection":
                value = dict(field._description_selection(self.env))[value]
            elif field.type == "date":
                value = format_date(self.env, value)
            elif field.type == "datetime":
                value = tools.format_datetime(self.env, value)
            found.append((label, str(value)))
        return found

    def _privacy_forget(self, person):
        """Erase the person from these records; asked whether he may go was before."""

    def _privacy_overwrite(self, values):
        """By SQL: written as others are, a name would stay in the log as the old."""
        if not (self and values):
            return
        self.flush_recordset()
        columns = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id IN %s",
                SQL.identifier(self._table),
                columns,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset()
        self._privacy_drop_log(values)

    def _privacy_drop_log(self, names):
        """Old and new values of these fields go from the log of the records.

        In sudo: nobody has a right on single values of a log.
        """
        self.env["mail.tracking.value"].sudo().search(
            [
                ("mail_message_id.model", "=", self._name),
                ("mail_message_id.res_id", "in", self.ids),
                ("field_id.name", "in", list(names)),
            ]
        ).unlink()

    def _privacy_strike_messages(self, person):
        """The name goes from the messages of these records.

        In sudo: messages of a record are no more than the record, and whoever may not
        read an internal one has to erase the person from it too.
        """
        former = self.env._("Former contact")
        messages = (
            self.env["mail.message"]
            .sudo()
            .search([("model", "=", self._name), ("res_id", "in", self.ids)])
        )
        for message in messages:
            for field in ("body", "subject", "email_from", "record_name"):
                text = str(message[field] or "")
                struck = person.struck_from(text, former)
                if struck != text:
                    message[field] = struck

    def _privacy_drop_files(self):
        """Papers that were made of these records with the name on them.

        In sudo: a paper of a record is nobody's own, and the user was asked for his
        role.
        """
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
