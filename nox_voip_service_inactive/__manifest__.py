{
    "name": "Nox VoIP Service: inactive tickets",
    "summary": "No ticket that waits for us is closed as inactive",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Nox Telecom",
    "maintainers": ["nox-telecom"],
    "website": "https://github.com/nox-telecom/nox_voip_service",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": ["nox_voip_service", "helpdesk_ticket_close_inactive"],
    "auto_install": True,
}
