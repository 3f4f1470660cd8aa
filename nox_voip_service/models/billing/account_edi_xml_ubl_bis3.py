from odoo import models


class AccountEdiXmlUblBis3(models.AbstractModel):
    _inherit = "account.edi.xml.ubl_bis3"

    def _add_invoice_header_nodes(self, document_node, vals):
        """A credit note of ours names the customer's reference and the number of the
        invoice that it credits; the base writes "Reversal of: ..." for both."""
        res = super()._add_invoice_header_nodes(document_node, vals)
        move = vals["invoice"]
        credited = move.reversed_entry_id
        if move.service_cents and credited:
            if credited.ref:
                document_node["cac:OrderReference"]["cbc:ID"] = {"_text": credited.ref}
            document_node["cac:BillingReference"] = {
                "cac:InvoiceDocumentReference": {"cbc:ID": {"_text": credited.name}}
            }
        return res

    def _ubl_add_base_line_ubl_values_price(self, vals):
        """The price of one is the agreed one where it leads to the line within a cent:
        0.57 users at 10.50, and not at the 10.508772 that would give 5.99 exactly."""
        res = super()._ubl_add_base_line_ubl_values_price(vals)
        for base_line in vals["base_lines"] if vals["invoice"].service_cents else ():
            if any(base_line["tax_ids"].mapped("price_include")):
                continue
            agreed = base_line["price_unit"]
            exact = base_line["tax_details"]["raw_gross_price_unit_currency"]
            if abs(agreed - exact) * abs(base_line["quantity"]) < 0.01:
                base_line["_ubl_values"]["price_amount_currency"] = agreed
        return res
