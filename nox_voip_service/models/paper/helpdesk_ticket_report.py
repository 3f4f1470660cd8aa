from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ...policy import work_days
from ..base.guard import for_readers

# Longer descriptions are cut: the whole of it is on the request's page.
MOST_LETTERS = 1500


class HelpdeskTicket(models.Model):
    """The work report of a request: what was asked, what the plan says of it, who
    worked when, which quotes were approved, and whether the customer signed it off.

    It has no amounts, so that it is the same paper for everybody who may read the
    request; nor has it the text of a time entry, which is ours, nor held time.
    """

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @for_readers
    def action_print_work_report(self):
        return self.env.ref("nox_voip_service.action_report_work").report_action(self)

    @for_readers
    def action_send_work_report(self):
        """Odoo's composer with the report attached, in the language of who asked."""
        self.ensure_one()
        return {
            "name": self.env._("Send the work report"),
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": self.env.ref(
                    "nox_voip_service.mail_template_work_report"
                ).id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_layout",
            },
        }

    # ------------------------------------------------------------------
    # BUSINESS: who reads it
    # ------------------------------------------------------------------

    def _work_report_partner(self):
        """Who the report is for: who asked, else the customer."""
        self.ensure_one()
        return self.partner_id or self._service_partner()

    def _work_report_lang(self):
        """In sudo: whoever may read the request reads it in its customer's language."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo()._work_report_partner()._service_lang()

    def _get_report_base_filename(self):
        """In the language of the report, not of who prints it."""
        self.ensure_one()
        return self.with_context(lang=self._work_report_lang()).env._(
            "Work report %(number)s", number=self.number
        )

    def _portal_has_work_report(self):
        """Whether who looks gets the report in the portal: somebody of the customer
        (or of us), as soon as the company shows worked time."""
        self.ensure_one()
        own = self._portal_is_own()
        ticket = self.sudo()
        return bool(
            own
            and ticket.coverage != "not_applicable"
            and not ticket._is_withdrawn()
            and ticket._portal_shows_time()
        )

    # ------------------------------------------------------------------
    # BUSINESS: what it says
    # ------------------------------------------------------------------

    def _work_report_values(self):
        """Values of the report, in the language of the environment.

        In sudo for these values alone, after the question whether the reader may
        read the request: time, orders and employees belong to models that a
        technician or a customer reads only in part.
        """
        self.ensure_one()
        self.check_access("read")
        if self.env.user.share and not self.env.su:
            if not self._portal_has_work_report():
                raise AccessError(self.env._("There is no work report to read yet."))
        ticket = self.sudo()
        work = ticket._work_report_days()
        minutes = sum(part["minutes"] for part in work)
        has_plan = ticket.coverage != "not_applicable"
        return {
            "ticket": ticket,
            "subject": ticket._masked_name(),
            "reference": ticket._masked_reference(),
            "description": ticket._work_report_description(),
            "days": ticket._work_report_dates(),
            "verdict": ticket._portal_verdict_label() if has_plan else "",
            "reason": has_plan
            and not ticket._is_withdrawn()
            and ticket._coverage_reason_in(ticket.env.lang)
            or "",
            "work": work,
            "minutes": minutes,
            "total": ticket._portal_work_text(minutes) if work else "",
            "quotes": [quote._work_report_values() for quote in ticket._sent_quotes()],
            "sign_off": ticket._sign_off_values(),
        }

    def _work_report_dates(self):
        """When it was asked, by whom, and when it was finished."""
        self.ensure_one()
        asked = format_date(self.env, self.requested_on)
        sentences = [
            self.env._(
                "Asked on %(day)s by %(name)s.", day=asked, name=self.partner_id.name
            )
            if self.partner_id
            else self.env._("Asked on %(day)s.", day=asked)
        ]
        if self.outcome == "done" and self.closed_date:
            day = self.company_id._service_day(self.closed_date)
            sentences.append(
                self.env._("Finished on %(day)s.", day=format_date(self.env, day))
            )
        return " ".join(sentences)

    def _work_report_description(self):
        """What the customer wrote, without what is written in confidence."""
        self.ensure_one()
        text = self._masked_text()
        return f"{text[:MOST_LETTERS]}…" if len(text) > MOST_LETTERS else text

    def _work_report_days(self):
        """``[{"day", "person", "minutes"}]`` of this request, without held minutes."""
        self.ensure_one()
        entries = self.timesheet_ids.sorted(lambda line: (line.date, line.id))
        people = {line.employee_id.id: line.employee_id.name or "" for line in entries}
        parts = work_days.by_day_and_person(
            (
                work_days.Work(
                    line.date, line.employee_id.id, line._policy_entry().minutes
                )
                for line in entries
            ),
            held=self.held_minutes,
        )
        return [
            {
                "day": format_date(self.env, part.day),
                "person": people[part.person],
                "minutes": part.minutes,
            }
            for part in parts
        ]

    def _sent_quotes(self):
        """The quotes that the customer was sent, the first one first."""
        self.ensure_one()
        return self.service_order_ids.filtered(
            lambda order: order.service_kind == "quote" and not order._is_service_ours()
        ).sorted("id")

    # ------------------------------------------------------------------
    # BUSINESS: on the monthly statement
    # ------------------------------------------------------------------

    def _statement_blocks(self, blocks):
        """ "3 × 15" of the plan's minutes."""
        self.ensure_one()
        return f"{blocks} × {self.plan_id.block_minutes}"
