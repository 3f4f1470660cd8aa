{
    "name": "Nox VoIP Service: job queue",
    "summary": "The monthly run on as many workers and machines as there are",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "author": "Nox Telecom",
    "maintainers": ["nox-telecom"],
    "website": "https://github.com/nox-telecom/nox_voip_service",
    "license": "AGPL-3",
    "development_status": "Beta",
    "depends": ["nox_voip_service", "queue_job"],
    "data": [
        "data/queue_job_function_data.xml",
        "views/nox_billing_run_views.xml",
    ],
    "auto_install": True,
}
