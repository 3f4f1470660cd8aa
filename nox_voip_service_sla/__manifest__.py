{
    "name": "Nox VoIP Service: SLA",
    "summary": "The clock of an SLA stops while a quote waits for the customer",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Nox Telecom",
    "maintainers": ["nox-telecom"],
    "website": "https://github.com/nox-telecom/nox_voip_service",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": ["nox_voip_service", "helpdesk_mgmt_sla"],
    "data": ["security/helpdesk_ticket_sla_rules.xml"],
    "auto_install": True,
}
