{
    "name": "Nox VoIP Service: tier validation",
    "summary": "Quotes above an amount are validated before they are sent",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Nox Telecom",
    "maintainers": ["nox-telecom"],
    "website": "https://github.com/nox-telecom/nox_voip_service",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": ["nox_voip_service", "sale_tier_validation"],
    "auto_install": True,
}
