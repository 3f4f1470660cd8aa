{
    "name": "Nox VoIP Service: merge",
    "summary": "Merged tickets keep their time, quotes and facts",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Nox Telecom",
    "maintainers": ["nox-telecom"],
    "website": "https://github.com/nox-telecom/nox_voip_service",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": ["nox_voip_service", "helpdesk_mgmt_merge"],
    "auto_install": True,
}
