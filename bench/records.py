"""The records that both databases need, made quickly."""

from odoo import Command

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}
ADDON = "nox_voip_service"
CHUNK = 500


def has_addon(env):
    """Whether this is the database with the addon."""
    return "nox.pbx" in env


def in_chunks(rows):
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def create(env, model, rows):
    """Create in chunks, committing each; the records, without what is cached."""
    made = env[model].with_context(**QUIET)
    for chunk in in_chunks(rows):
        made |= made.create(chunk)
        env.cr.commit()
        env.invalidate_all()
    return env[model].browse(made.ids)


def customers(env, count):
    return create(
        env,
        "res.partner",
        [
            {
                "name": f"Customer {number:05}",
                "is_company": True,
                "email": f"customer{number}@example.com",
                "country_id": env.ref("base.nl").id,
                "lang": "nl_NL",
            }
            for number in range(count)
        ],
    )


def technician(env):
    """An environment of somebody who takes in requests and logs time."""
    groups = [
        "helpdesk_mgmt.group_helpdesk_user",
        "hr_timesheet.group_hr_timesheet_user",
    ]
    if has_addon(env):
        groups.append(f"{ADDON}.group_technician")
    user = (
        env["res.users"]
        .with_context(**QUIET)
        .create(
            {
                "name": "Technician",
                "login": "bench_technician",
                "lang": "nl_NL",
                "tz": "Europe/Amsterdam",
                "group_ids": [Command.set([env.ref(name).id for name in groups])],
            }
        )
    )
    env["hr.employee"].create({"name": user.name, "user_id": user.id})
    env.company.partner_id.tz = "Europe/Amsterdam"
    env.cr.commit()
    return env(user=user.id, context={"lang": "nl_NL", "tz": "Europe/Amsterdam"})


def pbxs(env, partners, periods, accepted_on):
    """A PBX for each customer with these plan periods, values of each as a list."""
    return create(
        env,
        "nox.pbx",
        [
            {
                "name": "PBX",
                "partner_id": partner.id,
                "accepted_on": accepted_on,
                "period_ids": [Command.create(dict(values)) for values in periods],
            }
            for partner in partners
        ],
    )
