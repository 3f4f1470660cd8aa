from odoo import Command, models
from odoo.exceptions import UserError

SECTION_SEATS, SECTION_WORK = 0, 100_000


class NoxBillingRun(models.Model):
    """The invoices of a run: one per customer and month with a section for the
    users and one for the work, or two by setting (design 5.4)."""

    _inherit = "nox.billing.run"

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _create_run_invoices(self, charges, tickets):
        """Draft invoices for these charges and this finished work.

        Odoo's own grouping makes the invoices of the work; charges join the invoice
        with the same customer, currency, fiscal position, term and journal.
        """
        moves = self.env["account.move"]
        orders = tickets._service_orders_to_invoice()
        if orders:
            moves = orders._create_invoices(grouped=False)
            moves.write({"service_run_id": self.id, "invoice_date": self._today()})
            self._add_work_sections(moves)
        open_moves = {
            self._grouping_key(move): move
            for move in moves
            if not self.company_id.service_invoice_separate
        }
        create = []
        for contract, own in charges.grouped(
            lambda charge: charge.period_id.contract_line_id.contract_id
        ).items():
            values = self._prepare_charge_invoice(contract, own)
            move = open_moves.get(self._grouping_key_of_values(contract, values))
            if move:
                move.write({"invoice_line_ids": values["invoice_line_ids"]})
            else:
                create.append(values)
        moves |= self.env["account.move"].create(create)
        self._link_charges(moves)
        moves.filtered(lambda move: move.amount_total < 0).action_switch_move_type()
        return moves

    def _grouping_key(self, move):
        return (
            move.partner_id.id,
            move.currency_id.id,
            move.fiscal_position_id.id,
            move.invoice_payment_term_id.id,
            move.journal_id.id,
        )

    def _grouping_key_of_values(self, contract, values):
        """The same key for an invoice that is not made yet."""
        return (
            values["partner_id"],
            values["currency_id"],
            values["fiscal_position_id"],
            values.get("invoice_payment_term_id", False),
            values["journal_id"],
        )

    def _prepare_charge_invoice(self, contract, charges):
        """Values of an invoice with the users' section of one contract."""
        values = contract._prepare_invoice(self._today())
        partner = contract.invoice_partner_id
        if not partner:
            raise UserError(
                self.env._(
                    "Contract %(contract)s has no customer to send an invoice to.",
                    contract=contract.name,
                )
            )
        fiscal_position = contract.fiscal_position_id or self.env[
            "account.fiscal.position"
        ].with_company(self.company_id)._get_fiscal_position(partner)
        lang = partner.lang or self.env.lang
        section = {
            "display_type": "line_section",
            "name": self.with_context(lang=lang)._section_title(charges),
            "sequence": SECTION_SEATS,
        }
        lines = [Command.create(section)]
        for sequence, charge in enumerate(
            charges.sorted(
                lambda c: (c.pbx_id.name, c.month, c.period_id.id, c.revision)
            ),
            start=SECTION_SEATS + 1,
        ):
            charge._check_invoiceable()
            lines.append(
                Command.create(
                    dict(charge._prepare_invoice_line_vals(lang), sequence=sequence)
                )
            )
        values.update(
            service_run_id=self.id,
            fiscal_position_id=fiscal_position.id,
            invoice_line_ids=lines,
        )
        return values

    def _section_title(self, charges):
        return charges.plan_id[:1].with_context(
            lang=self.env.context.get("lang")
        ).seat_product_id.with_company(self.company_id).name or self.env._(
            "Service contract"
        )

    def _add_work_sections(self, moves):
        """A heading above the work, after the users."""
        for move in moves:
            lang = move.partner_id.lang or self.env.lang
            commands = [
                Command.update(line.id, {"sequence": SECTION_WORK + number})
                for number, line in enumerate(
                    move.invoice_line_ids.sorted("sequence"), start=1
                )
            ]
            commands.append(
                Command.create(
                    {
                        "display_type": "line_section",
                        "name": self.with_context(lang=lang).env._("Service work"),
                        "sequence": SECTION_WORK,
                    }
                )
            )
            move.write({"invoice_line_ids": commands})

    def _link_charges(self, moves):
        for line in moves.invoice_line_ids.filtered("seat_charge_id"):
            line.seat_charge_id.move_line_id = line

    def _finish_invoices(self, moves):
        """Leave drafts, or post, or post and hand over to Odoo's send queue, by the
        company's setting. A failing mail neither repeats nor loses an invoice."""
        mode = self.company_id.service_invoice_mode
        if mode == "draft" or not moves:
            return
        moves.action_post()
        if mode == "send":
            moves.sending_data = {
                "author_user_id": self.env.user.id,
                "author_partner_id": self.env.user.partner_id.id,
            }
            self.env.ref("account.ir_cron_account_move_send")._trigger()
