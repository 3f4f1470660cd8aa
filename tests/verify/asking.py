"""Ask the verifier, as a person does: a pack in, statuses and sentences out."""

import json

from . import nox_verify


def report_of(pack, lang="en", head=None):
    """The report about a pack that went through a file of JSON."""
    report = nox_verify.Report("pack.json", lang)
    text = json.dumps(pack)
    report.code = nox_verify.verify_safely(lambda: json.loads(text), report, head)
    return report


def against(pack, lang="en", head=None):
    """What is not proven, as lines; empty: everything is proven."""
    return [
        f"{each['subject']}: {each['text']}"
        for each in report_of(pack, lang, head).findings
        if each["status"] in ("DIFFERS", "UNPROVEN")
    ]


def differing(pack):
    """What differs; what the pack itself says that it cannot prove is left out."""
    return [
        f"{each['subject']}: {each['text']}"
        for each in report_of(pack).findings
        if each["status"] == "DIFFERS"
    ]


def remarks(pack, lang="en"):
    return [
        each["text"]
        for each in report_of(pack, lang).findings
        if each["status"] == "remark"
    ]
