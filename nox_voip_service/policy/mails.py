"""Who wrote a mail: a person, a machine that asks for something, or an automatic reply.

Only an automatic reply asks for nothing: somebody is away, a mail was read or could
not be delivered. Mail through a list, and a telephone system that sends an alarm, ask
for something; what is lost of them is lost work.

>>> kind({"List-Id": "<support.bakery.example>"}, "Our queue is silent")
'person'
>>> kind({"Auto-Submitted": "auto-generated"}, "Trunk 2 is down")
'machine'
>>> kind({}, "Automatisch antwoord: offerte")
'reply'
"""

import re
from collections.abc import Mapping

PERSON, MACHINE, REPLY = "person", "machine", "reply"
REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder")
# How the usual mail programs begin the subject of an automatic reply, in Dutch,
# English, German and French.
REPLY_SUBJECT = re.compile(
    r"\s*(automatisch antwoord|automatische reactie|afwezigheidsbericht|afwezigheid"
    r"|afwezig|automatic reply|auto[- ]?reply|auto[- ]?response|out of (the )?office"
    r"|automatische antwort|abwesenheitsnotiz|abwesenheit|abwesend"
    r"|r[ée]ponse automatique|absence du bureau|message d.absence)\s*(:|-|$|\()",
    re.IGNORECASE,
)


def kind(headers: Mapping[str, str], subject: str = "", content_type: str = "") -> str:
    """``person``, ``machine`` or ``reply``.

    :param headers: of the mail, by name in any case
    :param content_type: of the whole mail; a report is of delivery, or of reading

    >>> kind({}, "Afwezig personeel: nieuwe groep")
    'person'
    >>> kind({}, "Read: your quote", "multipart/report")
    'reply'
    """
    lower = {
        name.lower(): (value or "").strip().lower() for name, value in headers.items()
    }
    submitted = re.split(r"[;(\s]", lower.get("auto-submitted", ""))[0]
    precedence = lower.get("precedence")
    if (
        content_type.lower().startswith("multipart/report")
        or submitted == "auto-replied"
        or precedence == "auto_reply"
        or any(lower.get(name, "no") not in ("", "no") for name in REPLY_HEADERS)
        or REPLY_SUBJECT.match(subject or "")
    ):
        return REPLY
    if submitted not in ("", "no") or precedence in ("bulk", "junk"):
        return MACHINE
    return PERSON


def wants_answer(headers: Mapping[str, str]) -> bool:
    """Whether the sender takes automatic answers.

    >>> wants_answer({"X-Auto-Response-Suppress": "All"})
    False
    >>> wants_answer({"X-Auto-Response-Suppress": "DR, OOF, AutoReply"})
    True
    """
    for name, value in headers.items():
        if name.lower() == "x-auto-response-suppress":
            return "all" not in re.split(r"[\s,;]+", (value or "").lower())
    return True


def numbers_in(subject: str) -> list[str]:
    """Words of a subject that may be the number of a ticket, in capitals.

    >>> numbers_in("Re: [ht00012] Belgroep 2")
    ['HT00012']
    """
    return re.findall(r"(?<![A-Z0-9])[A-Z]{1,10}[-/]?\d{3,}", (subject or "").upper())


def mailbox(address: str) -> str:
    """Where mail to an address arrives: small letters, without the tag that somebody
    put behind a plus.

    >>> mailbox("Anna+Nox@Bakery.example")
    'anna@bakery.example'
    >>> mailbox("+31201234567@bakery.example")
    '+31201234567@bakery.example'
    """
    name, _at, domain = address.lower().strip().rpartition("@")
    return f"{name[:1]}{name[1:].split('+')[0]}@{domain}"
