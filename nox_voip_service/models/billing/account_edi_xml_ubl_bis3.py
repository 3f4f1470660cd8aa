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
