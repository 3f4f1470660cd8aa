from odoo import models

from ...policy import mail_text, party


class AccountEdiXmlUblBis3(models.AbstractModel):
    _inherit = "account.edi.xml.ubl_bis3"

    def _get_invoice_node(self, vals):
        """Two signs that no file may hold pass the base: with one of them in a name,
        the invoice could not be sent."""
        return mail_text.printable_node(super()._get_invoice_node(vals))

    def _add_invoice_header_nodes(self, document_node, vals):
        """A credit note of ours names the customer's reference and the number of each
        invoice that it corrects; the base writes "Reversal of: ..." for both, and
        nothing on one that the run made."""
        res = super()._add_invoice_header_nodes(document_node, vals)
        move = vals["invoice"]
        if move.service_cents and move.move_type == "out_refund":
            if reference := move.reversed_entry_id.ref:
                document_node["cac:OrderReference"]["cbc:ID"] = {"_text": reference}
            if corrected := move._corrected_invoices():
                document_node["cac:BillingReference"] = [
                    {"cac:InvoiceDocumentReference": {"cbc:ID": {"_text": each.name}}}
                    for each in corrected
                ]
        return res

    def _ubl_add_base_line_ubl_values_price(self, vals):
        """Quantity x price less the discount is the line, within a cent.

        The price of one is the agreed one where it leads there: 0.57 users at 10.50,
        and not at the 10.508772 that would give 5.99 exactly; of a price with VAT in
        it, what is left without. A discount is what misses to the line, so that the
        cent of its own rounding does not come on top."""
        res = super()._ubl_add_base_line_ubl_values_price(vals)
        # An order has no invoice: Odoo puts it into the PDF of a quote.
        move = vals.get("invoice")
        for base_line in vals["base_lines"] if move and move.service_cents else ():
            details, quantity = base_line["tax_details"], base_line["quantity"]
            amount = details["total_excluded_currency"]
            price = details["raw_gross_price_unit_currency"]
            if not any(base_line["tax_ids"].mapped("price_include")):
                agreed = base_line["price_unit"]
                if abs(agreed - price) * abs(quantity) < 0.01:
                    price = agreed
            elif quantity and not base_line["discount"]:
                price = amount / quantity
            base_line["_ubl_values"]["price_amount_currency"] = price
            gross = amount
            if base_line["discount"]:
                gross = base_line["currency_id"].round(price * quantity)
            # The base lays the cent that discounts miss in their sum on any line.
            details["gross_total_excluded_currency"] = gross
            details["discount_amount_currency"] = gross - amount
        return res

    def _get_party_node(self, vals):
        """A Dutch party without an electronic address of its own is found by its
        registration: the base would name neither its address nor who it is."""
        node = super()._get_party_node(vals)
        partner = vals["partner"].commercial_partner_id
        found = self._dutch_address(partner)
        if found:
            scheme, number = found
            identified = {"_text": number, "schemeID": scheme}
            node["cbc:EndpointID"] = identified
            node["cac:PartyLegalEntity"]["cbc:CompanyID"] = dict(identified)
            # Without a VAT number the base writes a tax scheme that names nobody.
            node["cac:PartyTaxScheme"] = [
                scheme
                for scheme in node["cac:PartyTaxScheme"]
                if scheme["cbc:CompanyID"]["_text"]
            ]
        return node

    def _dutch_address(self, partner):
        """Address by registration of a Dutch partner that has no other; else None."""
        if partner.country_code != "NL" or partner.peppol_endpoint:
            return None
        return party.dutch_address(partner.company_registry)

    def _export_invoice_constraints(self, invoice, vals):
        """Said before the invoice is sent, and not by who should have received it."""
        constraints = super()._export_invoice_constraints(invoice, vals)
        if invoice.service_cents and invoice.move_type == "out_refund":
            # It names what it corrects, with or without a reference of its own.
            if isinstance(vals["document_node"].get("cac:BillingReference"), list):
                constraints.pop("nl_r_001", None)
            # The base asks for an account of the customer's; the rule, for a means
            # of payment, which the file names without one.
            constraints.pop("nl_r_007", None)
        buyer = vals["customer"].commercial_partner_id
        if (
            invoice.service_cents
            and buyer.country_code == "NL"
            and not buyer.peppol_endpoint
            and not self._dutch_address(buyer)
        ):
            constraints["nox_buyer_address"] = self.env._(
                "%(customer)s has no number of the trade register (KvK, 8 digits) and"
                " no OIN (20 digits) as Company ID, and no Peppol e-address: an"
                " electronic invoice would not find it.",
                customer=buyer.display_name,
            )
        return constraints

    def _get_tax_category_code(self, customer, supplier, tax):
        """The base calls VAT that a customer in the same country pays himself exempt
        where the tax names no category."""
        if tax and tax._is_reverse_charge():
            return "AE"
        return super()._get_tax_category_code(customer, supplier, tax)

    def _get_tax_exemption_reason(self, customer, supplier, tax):
        res = super()._get_tax_exemption_reason(customer, supplier, tax)
        if (
            tax
            and tax._is_reverse_charge()
            and not tax.ubl_cii_tax_exemption_reason_code
        ):
            res.update(
                tax_exemption_reason="Reverse charge",
                tax_exemption_reason_code="VATEX-EU-AE",
            )
        return res
