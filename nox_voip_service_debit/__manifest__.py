{
    "name": "Nox VoIP Service: direct debit",
    "summary": "Invoices of the run with payment mode and mandate, in one debit file",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Nox Telecom",
    "maintainers": ["nox-telecom"],
    "website": "https://github.com/nox-telecom/nox_voip_service",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": [
        "nox_voip_service",
        "contract_payment_mode",
        "account_payment_order",
    ],
    "data": ["views/nox_billing_run_views.xml"],
    "auto_install": True,
}
