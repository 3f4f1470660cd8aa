{
    "name": "Nox VoIP Service",
    "summary": "Service after delivery of hosted telephony: coverage verdicts, "
    "15-minute blocks, quotes over an hour, invoices that can be checked",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Nox Telecom, Odoo Community Association (OCA)",
    "website": "https://github.com/nox-telecom/nox_voip_service",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_mgmt_sale",
        "contract_sale",
        "sale_timesheet",
        "sale_management",
    ],
    "data": [],
    "application": True,
}
