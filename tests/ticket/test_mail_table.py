from odoo.tests import tagged
from odoo.tools import mute_logger

from ..mail_cases import SHAPES
from .test_mail_request import MAIL_LOGS, MailRequestCase

# Number of tickets, of automatic answers, and whose it is.
NEW = {
    "new": (1, 1, "customer"),
    "silent": (1, 0, "customer"),
    "unknown": (1, 1, None),
    "mute": (1, None, None),
    "staff": (1, 0, "customer"),
    "other": (1, 1, "other"),
    "tray": (0, 0, None),
}


@tagged("standard", "post_install", "-at_install")
class TestMailTable(MailRequestCase):
    """No mail gets lost: each is on its one right ticket, none is answered twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain.write({"catchall_alias": "nox-catchall", "bounce_alias": "nox-b"})
        cls.second = cls.team.copy({"name": "Second", "alias_name": "nox-second-test"})
        cls.second.alias_id.alias_domain_id = cls.domain
        cls.contact.copy({"name": "Jan", "email": "jan@bakery.example"})
        for customer in (cls.customer, cls.other):
            cls._contact(customer, "Books", email="books@shared.example")
        cls.coordinator.partner_id.email = "coordinator@nox-staff.example"
        cls.open = cls._asked()
        cls.closed = cls._asked()
        cls.closed.stage_id = cls.stage_dropped
        cls.quoted = cls._over_the_hour(cls._pbx(cls.standard, name="Two"))
        quote = cls._send(cls.quoted)
        cls.places = {
            "address": cls.address,
            "ADDRESS": cls.address.upper(),
            "second": f"nox-second-test@{cls.domain.name}",
            "catchall": f"nox-catchall@{cls.domain.name}",
            "staff": "coordinator@nox-staff.example",
            "number": cls.open.number,
            "number_small": cls.open.number.lower(),
            "closed_number": cls.closed.number,
            "message": cls._said(cls.open).message_id,
            "closed_message": cls._said(cls.closed).message_id,
            "quote_message": cls._said(quote).message_id,
            "known": "<known@alarm.example>",
        }
        cls.open.message_post(
            body="Alarm",
            message_type="email",
            message_id="<known@alarm.example>",
            date="2026-02-01 08:00:00",
            author_id=cls.contact.id,
        )
        cls.quote = quote

    @classmethod
    def _asked(cls):
        return cls._ticket(
            cls.pbx, partner_id=cls.contact.id, team_id=cls.team.id, name="Asked"
        )

    @classmethod
    def _said(cls, record):
        return record.with_user(cls.coordinator).message_post(
            body="Which group?",
            partner_ids=cls.contact.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def _state(self):
        """What there is: tickets, messages on what we look at, mails that go out."""
        known = self.open | self.closed | self.quoted
        return {
            "tickets": self.env["helpdesk.ticket"].search([]),
            "open": self.open.message_ids,
            "closed": self.closed.message_ids,
            "quote": self.quote.message_ids,
            "tray": self.env["nox.stray.mail"].search([]),
            "activities": known.activity_ids,
            "mails": self.env["mail.mail"].sudo().search([]),
        }

    def _come(self, raw):
        """What a mail brings, of each kind."""
        before = self._state()
        with mute_logger(MAIL_LOGS, "odoo.addons.nox_voip_service.models"):
            self.env["mail.thread"].with_context(
                mail_create_nosubscribe=False
            ).message_process(None, raw)
        self.env.flush_all()
        after = self._state()
        return {name: after[name] - before[name] for name in before}

    def _problem(self, place, came):
        """What is not as the place says; nothing where all is right."""
        tickets = came["tickets"]
        answers = came["mails"].filtered(
            lambda mail: "auto-replied" in (mail.headers or "")
        )
        if place in NEW:
            count, answered, whose = NEW[place]
            customer = {"customer": self.customer, "other": self.other}.get(whose)
            wrong = {
                "tickets": len(tickets) != count,
                "answers": answered not in (None, len(answers)),
                "customer": count
                and tickets.commercial_partner_id
                != (customer or self.env["res.partner"]),
                "not on its ticket": count and not tickets.message_ids,
                "unseen": count and tickets.decision_needed != "verdict",
                "elsewhere": any(came[k] for k in ("open", "closed", "quote")),
                "tray": len(came["tray"].message_ids) != (place == "tray"),
            }
            return [name for name, bad in wrong.items() if bad]
        mails = {
            name: came[name].filtered(lambda each: each.message_type == "email")
            for name in ("open", "closed", "quote")
        }
        target = place if place in ("closed", "quote") else "open"
        on_it = came[target]
        silent = place in ("note", "bounce")
        wrong = {
            "tickets": tickets or came["tray"],
            "answers": answers,
            "elsewhere": any(mails[k] for k in mails if k != target),
            "not on it": not on_it if place == "bounce" else len(mails[target]) != 1,
            "no note": place == "note" and not mails[target].is_internal,
            "a note": not silent and mails[target].is_internal,
            "alarm": place == "note" and (came["activities"] or on_it.notification_ids),
            "unseen": place in ("bounce", "closed") and not came["activities"],
        }
        return [name for name, bad in wrong.items() if bad]

    def test_each_mail_of_the_table_is_where_it_belongs(self):
        found = {}
        for number, shape in enumerate(SHAPES):
            self.places["case"] = f"table-{number}"
            with self.env.cr.savepoint() as point:
                try:
                    came = self._come(shape.as_bytes(self.places))
                    problem = self._problem(shape.place, came)
                except Exception as broken:
                    problem = [f"{type(broken).__name__}: {broken}"[:150]]
                point.rollback()
            self.env.invalidate_all(flush=False)
            if problem:
                found[shape.name] = (shape.place, problem)
        self.assertGreaterEqual(len(SHAPES), 200)
        self.assertFalse(found)
