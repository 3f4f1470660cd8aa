"""Every WARNING, ERROR or CRITICAL in Odoo's log has an explanation, or it fails."""

import re

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (WARNING|ERROR|CRITICAL) \S+ (\S+): (.*)$"
)
# (reason, regular expression on "logger: message")
EXPLAINED = [
    (
        "Debian's package leaves this asset out; no page of ours uses it",
        r"odoo\.addons\.base\.models\.assetsbundle: .*selfie_segmentation",
    ),
    (
        "the embedded PostgreSQL has no pg_trgm or unaccent; Odoo does without",
        r"odoo\.(modules\.db|service\.db|modules\.registry): .*(pg_trgm|unaccent|PostgreSQL extensions)",
    ),
    (
        "Debian's wkhtmltopdf has no patched Qt: it says so with every PDF",
        r"odoo\.addons\.base\.models\.ir_actions_report: wkhtmltopdf: ",
    ),
    (
        "said once at the start where wkhtmltopdf has no patched Qt",
        r"odoo\.addons\.base\.models\.ir_actions_report: .*wkhtmltopdf",
    ),
    (
        "Odoo uses Werkzeug's old functions on URLs; from our own code it is a fault",
        r"py\.warnings: (?!\S*/nox_voip_service/)\S+: DeprecationWarning: 'werkzeug\.urls\.",
    ),
    (
        "Odoo 19 announces a default of Odoo 20",
        r"odoo\.tools\.config: missing --http-interface",
    ),
    (
        "a test sends a form without its token, or asks for what is refused: Odoo"
        " logs what it answered",
        r"odoo\.http: (No CSRF validation token|CSRF validation failed|HT\d+ - )",
    ),
    (
        "no mail server in a test: Odoo says that it sends nothing",
        r"odoo\.addons\.mail\..*: .*(mail server|Connection refused)",
    ),
]


def unexplained(text):
    """Lines of a log that nobody has explained."""
    found = []
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            message = f"{match[2]}: {match[3]}"
            if not any(re.search(pattern, message) for _why, pattern in EXPLAINED):
                found.append(line)
    return found
