from odoo import models

from ...policy import assessment, coverage, masking
from ..base.facts import FACTS, policy_value, stored_value
from ..base.in_force import span
from .collector import day, moment


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _evidence_part(self, pack):
        """The part that says what was asked, decided and worked; with the other
        members of its family, for they share the limit.

        :return: its id
        """
        return pack.part("ticket", self.number, lambda: self._evidence_content(pack))

    def _evidence_content(self, pack):
        entries = pack.shared.entries
        family = self.split_root_id.split_member_ids.sorted("id")
        edition = self._evidence_edition(pack)
        limited = bool(self.plan_id) and assessment.counts(self.coverage)
        return {
            "number": self.number,
            # As the invoice names it.
            "subject": self._masked_name(),
            "requested_on": day(self.requested_on),
            "pbx": self.pbx_id.name or None,
            "plan": edition._evidence_part(pack) if edition else None,
            "plan_period": self._evidence_plan_period(),
            "situation": self._evidence_situation(),
            "facts": self._evidence_facts(),
            "verdict": self._evidence_verdict(pack, edition),
            "overrides": [
                {
                    "old": each.old_coverage or None,
                    "new": each.coverage or None,
                    "reason": masking.masked(each.reason or ""),
                    "by": each.user_id.name,
                    "at": moment(each.create_date),
                }
                for each in self.override_ids.sorted("id")
            ],
            "estimated_minutes": self.estimated_minutes,
            "family": [member._evidence_part(pack) for member in family],
            "entries": [
                {
                    "id": line.id,
                    "day": day(line.date),
                    "recorded_at": moment(line.create_date),
                    "by": line.employee_id.name or line.user_id.name or "",
                    "minutes": line._policy_entry().minutes,
                    "reason": masking.masked(line.held_reason or "") or None,
                }
                for line in pack.shared.recorded[self.id]
            ],
            "released": {
                "minutes": self.released_minutes,
                "blocks": self._released_blocks(entries=entries) if limited else 0,
                "cap": self.is_release_capped
                and {
                    "minutes": self.release_cap,
                    "blocks": self.release_cap_blocks,
                    "last_entry": self.release_last_entry,
                }
                or None,
                "base_invoiced_blocks": self.base_invoiced_blocks,
            },
            "quotes": [order._evidence_part(pack) for order in self._evidence_orders()],
            "worked_minutes": self.worked_minutes,
            "limit_blocks": self.limit_blocks if limited else None,
            "billable_blocks": self.billable_blocks,
            "held_minutes": self.held_minutes,
            "approved_blocks": self.approved_blocks,
            "waivers": [
                {
                    "blocks": each.blocks,
                    "reason": masking.masked(each.reason or ""),
                    "by": each.user_id.name,
                    "at": moment(each.create_date),
                }
                for each in self.waiver_ids.sorted("id")
            ],
            "credited_blocks": self.credited_blocks,
            "billed": self._evidence_billed(pack),
        }

    def _evidence_edition(self, pack):
        """The rules that the verdict was given by; today's, with a note, for a verdict
        from before they were kept."""
        if self.coverage_edition_id or not self.plan_id:
            return self.coverage_edition_id
        pack.note(
            "no_edition",
            self.env._(
                "The verdict on %(ticket)s is from before the rules of a verdict were"
                " kept: shown are the rules of today.",
                ticket=self.number,
            ),
            about=f"ticket:{self.number}",
        )
        return pack.shared.edition_of(self.plan_id)

    def _evidence_plan_period(self):
        """The plan period of the PBX that held on the day of the request."""
        for period in self.pbx_id.period_ids:
            if period.plan_id == self.plan_id and span(period).covers(
                self.requested_on
            ):
                return {"start": day(period.date_start), "end": day(period.date_end)}
        return None

    def _evidence_situation(self):
        accepted_on, ended_on = (
            self.pbx_id._service_span() if self.pbx_id else (None, None)
        )
        return {
            "uses_service_plans": not self.team_id or self.team_id.uses_service_plans,
            "about_pbx": self.about_pbx,
            "accepted_on": day(accepted_on),
            "ended_on": day(ended_on),
        }

    def _evidence_facts(self):
        request = self._policy_request()
        return {
            fact.field: policy_value(stored_value(getattr(request, name)))
            for name, fact in FACTS.items()
        }

    def _evidence_verdict(self, pack, edition):
        """The verdict as it stands, and what the table says of the facts."""
        found = (
            coverage.decide(edition._coverage_table(), self._policy_request())
            if edition
            else None
        )
        outcome = found.outcome if found else "undecided"
        if not self.is_overridden and self.coverage not in (
            outcome,
            "delivery",
            "not_applicable",
        ):
            pack.note(
                "verdict_moved",
                self.env._(
                    "The verdict on %(ticket)s is not what its rules say of the facts"
                    " that stand there now.",
                    ticket=self.number,
                ),
                about=f"ticket:{self.number}",
            )
        rule = found and found.rule_key
        return {
            "outcome": self.coverage,
            "table_outcome": outcome,
            "rule": str(rule) if rule else None,
            "reason": self._coverage_reason_in(self.env.lang) or None,
            "given_at": moment(self.coverage_given_at),
        }

    def _evidence_orders(self):
        """Its orders as blocks fill them; what was refused, expired or is open after
        these."""
        filled = self._service_time_lines().order_id
        others = self.service_order_ids.filtered(
            lambda order: not order.service_is_void and order not in filled
        )
        return filled | others.sorted("id")

    def _evidence_billed(self, pack):
        """Blocks of this ticket on every invoice and credit note, in order."""
        found = []
        for order_line in self.service_order_ids.order_line.filtered("is_service_time"):
            for line in order_line.invoice_lines:
                move = line.move_id
                if move.state == "cancel" or not move.is_sale_document():
                    continue
                origin = move.reversed_entry_id
                found.append((line, order_line.order_id, move, origin))
        return [
            {
                "document": move.name if move.state == "posted" else None,
                "type": "credit_note" if move.move_type == "out_refund" else "invoice",
                "state": move.state,
                "date": day(move.invoice_date),
                "order": order._evidence_part(pack),
                "blocks": round(line.quantity),
                "rebill": (move.service_rebill == "yes")
                if origin and move.move_type == "out_refund"
                else None,
                "reverses": origin.name or None,
                "line": pack.lines.get(line.id),
            }
            for line, order, move, origin in sorted(found, key=lambda each: each[0].id)
        ]
