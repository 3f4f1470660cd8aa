"""Mails of real shapes, as a table: what a service desk gets, and where each belongs.

A shape is bytes with places for the addresses and ids of the database that it is
tried in. Its place says what must come of it:

``new``      one request of the customer, with one automatic answer
``silent``   one request of the customer, without an automatic answer
``unknown``  one request without a customer, with one automatic answer
``mute``     one request without a customer, and nobody who could be answered
``staff``    one request of the customer whose mail a colleague forwarded, silent
``other``    one request of another customer, with one automatic answer
``ticket``   a message on the open ticket, and nothing else
``closed``   a message on the closed ticket, which comes under *To decide*
``note``     a note on the open ticket, which wakes nobody
``bounce``   a note on the open ticket and an activity: the customer did not get it
``quote``    a message on the quote
``tray``     an automatic reply to nothing: no request, and where somebody sees it
"""

import base64

from .mail_parts import (
    ANNA,
    DAEMON,
    FAILED,
    FORWARD,
    RECEIPT,
    Shape,
    encoded,
    report,
    structures,
)

# What programs put into the head of a mail that a person wrote.
PERSONAL = {
    "list id": {"List-Id": "<support.bakery.example>"},
    "list post": {"List-Post": "<mailto:support@bakery.example>"},
    "list unsubscribe": {"List-Unsubscribe": "<https://list.example>"},
    "google group": {"Precedence": "list", "List-Id": "<all.bakery.example>"},
    "precedence first-class": {"Precedence": "first-class"},
    "no auto": {"Auto-Submitted": "no"},
    "outlook": {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"},
    "exchange": {"X-MS-Has-Attach": "yes", "Thread-Index": "AdXx", "X-MS-TNEF": "1"},
    "asks for a receipt": {"Disposition-Notification-To": ANNA},
    "asks for delivery": {"Return-Receipt-To": ANNA},
    "urgent": {"Importance": "high", "X-Priority": "1 (Highest)"},
    "confidential": {"Sensitivity": "Company-Confidential"},
    "called spam": {"X-Spam-Flag": "YES", "X-Spam-Status": "Yes, score=9"},
    "many hops": {"Received": "from a by b; " * 80},
    "signed by its host": {"DKIM-Signature": "v=1; a=rsa-sha256; b=" + "x" * 700},
    "sent on behalf": {"Sender": "desk@crm.example"},
    "answers go elsewhere": {"Reply-To": "desk@crm.example"},
    "empty autoreply": {"X-Autoreply": "no"},
    "envelope sender": {"Return-Path": "<bounces+1@crm.example>"},
    "language": {"Content-Language": "nl-NL", "Accept-Language": "nl"},
}
CHARSETS = (
    "utf-8 iso-8859-1 iso-8859-15 windows-1252 utf-16 utf-7 utf-32 koi8-r gb18030"
    " iso-2022-jp cp850 macintosh us-ascii utf8mb4 x-unknown unknown-8bit default"
    " ansi x-user-defined cp-850 iso-8859-8-i base64 hex zlib rot13 idna 8bit '' none"
).split()
SUBJECTS = {
    "empty": "",
    "blank": "   ",
    "only re": "Re:",
    "long": "x" * 5000,
    "nul": b"Call\x00group",
    "control": b"Call\x07\x1bgroup",
    "raw latin": "Café".encode("latin-1"),
    "raw utf-8": "Café ☎",
    "encoded": "=?utf-8?B?" + base64.b64encode("Café ☎".encode()).decode() + "?=",
    "encoded wrong": "=?utf-8?B?!!!?=",
    "encoded in nothing": "=?x-unknown?Q?Caf=E9?=",
    "encoded nul": "=?utf-8?Q?Call=00group?=",
    "half a surrogate": "=?utf-16?B?2D0=?=",
    "right to left": "\u202egroup",
    "folded": "Call\r\n group\r\n\tof two",
    "markup": "<script>alert(1)</script>{{ 7*7 }}",
    "about absence": "Afwezig personeel: nieuwe belgroep",
    "looks like a number": "Toestel HT99999999 belt niet",
}
SENDERS = {
    "bare": "anna@bakery.example",
    "capitals": "ANNA@BAKERY.EXAMPLE",
    "comma": '"Vries, Anna de" <anna@bakery.example>',
    "comma without quotes": "Vries, Anna de <anna@bakery.example>",
    "quoted twice": "\"'Anna'\" <anna@bakery.example>",
    "address as a name": '"anna@bakery.example" <anna@bakery.example>',
    "foreign address as a name": '"boss@other.example" <anna@bakery.example>',
    "encoded": "=?iso-8859-1?Q?Anna_Caf=E9?= <anna@bakery.example>",
    "encoded in nothing": "=?x-unknown?Q?Anna?= <anna@bakery.example>",
    "raw": "Anna Café <anna@bakery.example>".encode("latin-1"),
    "tag": "anna+pbx@bakery.example",
    "comment": "anna@bakery.example (Anna)",
    "long name": "x" * 1500 + " <anna@bakery.example>",
    "nul": b"An\x00na <anna@bakery.example>",
    "two": ANNA + ", boss@other.example",
    "markup": '"<img src=x onerror=alert(1)>" <anna@bakery.example>',
}
TO = {
    "copy": {"To": "info@elsewhere.example", "Cc": "{address}"},
    "capitals": {"To": "{ADDRESS}"},
    "name": {"To": '"Nox, service" <{address}>'},
    "many": {"To": ", ".join(f"p{n}@e.example" for n in range(200)) + ", {address}"},
    "twice": {"To": "{address}, {address}", "Cc": "{address}"},
    "two teams": {"To": "{address}, {second}"},
    "two teams, a copy": {"Cc": "{second}"},
    "delivered to": {"To": "list@bakery.example", "Delivered-To": "{address}"},
    "no to": {"To": None, "Delivered-To": "{address}"},
    "undisclosed": {"To": "undisclosed-recipients:;", "Delivered-To": "{address}"},
    "group": {"To": "Nox: {address};"},
    "resent": {"To": "info@elsewhere.example", "Resent-To": "{address}"},
    "catchall": {"To": "{catchall}"},
    "an address that is gone": {"To": "old@nox.example"},
    "team and catchall": {"To": "{address}, {catchall}"},
    "folded": {"To": "a@e.example,\r\n {address}"},
    "broken neighbour": {"To": "@@, <>, {address}"},
}
DATES = ("", "yesterday", "Thu, 01 Jan 1970 00:00:00 +0000")
DATES += ("Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 02 Mar 2026 09:00:00")
DATES += ("Mon, 02 Mar 2026 09:00:00 +9999", "Sat, 01 Jan 0001 00:00:00 +1400")
DATES += ("Tue, 02 Mar 0100 09:00:00 +0100",)
IDS = (None, "", "x", "<>", "<a b@c>", "<" + "x" * 3000 + "@y>", b"<\x00@nul.example>")
IDS += ("<,comma@x.example>\r\nMessage-Id: <,comma@x.example>",)
REPLIES = {
    "in reply to": {"In-Reply-To": "{message}"},
    "references": {"References": "{message}"},
    "long references": {
        "References": " ".join(f"<{n}@x.example>" for n in range(90)) + " {message}"
    },
    "folded references": {"References": "<1@x.example>\r\n {message}"},
    "wrong parent": {"In-Reply-To": "<gone@x.example>", "Subject": "Re: [{number}] x"},
    "number": {"Subject": "Re: [{number}] Call group"},
    "small number": {"Subject": "re: {number_small}"},
    "number at the end": {"Subject": "Antw: belgroep ({number})"},
    "hash": {"Subject": "FW: #{number}: belgroep"},
    "number encoded": {"Subject": "=?utf-8?Q?Re:_[{number}]_Caf=C3=A9?="},
    "number and team twice": {"Subject": "Re: {number}", "Cc": "{second}"},
    "thread before number": {
        "In-Reply-To": "{message}",
        "Subject": "Re: [{closed_number}] Call group",
    },
    "colleague": {"From": "jan@bakery.example", "In-Reply-To": "{message}"},
    "colleague, number": {"From": "jan@bakery.example", "Subject": "Re: {number}"},
    "stranger in the thread": {"From": "boss@other.example", "References": "{message}"},
    "catchall": {"To": "{catchall}", "In-Reply-To": "{message}"},
    "catchall, number": {"To": "{catchall}", "Subject": "Re: [{number}] Call group"},
    "wrong address, number": {
        "To": "old@nox.example",
        "Subject": "Re: [{number}] Call group",
    },
    "through a list": {
        "In-Reply-To": "{message}",
        "List-Id": "<all.bakery.example>",
        "To": "all@bakery.example",
    },
}
AUTOMATIC = {
    "auto-replied": {"Auto-Submitted": "auto-replied"},
    "vacation": {"Auto-Submitted": "auto-replied (vacation)", "Precedence": "bulk"},
    "x-autoreply": {"X-Autoreply": "yes"},
    "x-autorespond": {"X-Autorespond": "1"},
    "precedence": {"Precedence": "auto_reply"},
    "dutch": {"Subject": "Automatisch antwoord: uw aanvraag {number}"},
    "english": {"Subject": "Automatic reply: {number}"},
    "german": {"Subject": "Abwesenheitsnotiz: {number}"},
    "french": {"Subject": "Réponse automatique : {number}"},
}
MACHINES = {
    "alarm": {"Auto-Submitted": "auto-generated"},
    "notified": {"Auto-Submitted": "auto-notified; owner-email=x"},
    "bulk": {"Precedence": "bulk"},
    "junk": {"Precedence": "junk"},
    "wants none": {"X-Auto-Response-Suppress": "All"},
}


def _shapes():
    for name, headers in PERSONAL.items():
        yield Shape(f"person: {name}", "new", headers)
    for charset in CHARSETS:
        yield Shape(f"charset: {charset}", "new", *encoded(charset))
    for name, (headers, body) in structures():
        yield Shape(f"made of: {name}", "new", headers, body)
    for name, subject in SUBJECTS.items():
        yield Shape(f"subject: {name}", "new", {"Subject": subject})
    for name, sender in SENDERS.items():
        yield Shape(f"sender: {name}", "new", {"From": sender})
    for name, headers in TO.items():
        yield Shape(f"to: {name}", "new", headers)
    for date in DATES:
        yield Shape(f"date: {date}", "new", {"Date": date})
    for number, known in enumerate(IDS):
        yield Shape(f"id: {number}", "new", {"Message-Id": known})
    yield Shape("no date", "new", {"Date": None})
    yield Shape("an id that another mail had", "new", {"Message-Id": "{known}"})
    yield Shape("unknown", "unknown", {"From": "Piet <piet@nobody.example>"})
    yield Shape("shared", "unknown", {"From": "books@shared.example"})
    yield Shape("as our team", "mute", {"From": "{address}"})
    yield Shape("no sender", "mute", {"From": None})
    yield Shape("empty sender", "mute", {"From": ""})
    yield Shape("a sender that is none", "mute", {"From": "anna"})
    yield Shape("other", "other", {"From": "boss@other.example"})
    yield Shape(
        "number of another customer",
        "other",
        {"From": "boss@other.example", "Subject": "Re: [{number}] Call group"},
    )
    for word in ("From", "Van", "Von", "De"):
        yield Shape(
            f"forward: {word}",
            "staff",
            {"From": "{staff}", "Subject": "FW: Call group"},
            (FORWARD % word).encode(),
        )
    for name, headers in REPLIES.items():
        yield Shape(f"reply: {name}", "ticket", headers)
    for name, headers in {
        "in the thread": {"In-Reply-To": "{closed_message}"},
        "by number": {"Subject": "Re: {closed_number}"},
        "to the catchall": {"To": "{catchall}", "Subject": "Re: {closed_number}"},
        "after years": {"References": "{closed_message}", "Date": DATES[2]},
    }.items():
        yield Shape(f"reply to the closed: {name}", "closed", headers)
    yield Shape(
        "reply to the quote",
        "quote",
        {"To": "{catchall}", "In-Reply-To": "{quote_message}"},
    )
    for name, headers in AUTOMATIC.items():
        thread = {**headers, "In-Reply-To": "{message}"}
        yield Shape(f"automatic: {name}", "note", thread)
        numbered = {"Subject": "Re: {number}", **headers}
        yield Shape(f"automatic, number: {name}", "note", numbered)
        alone = {"Subject": "Away", **headers}
        alone["Subject"] = alone["Subject"].replace("{number}", "")
        yield Shape(f"automatic, alone: {name}", "tray", alone)
    for name, headers in MACHINES.items():
        yield Shape(f"machine: {name}", "silent", headers)
    for action, place in {
        "failed": "bounce",
        "Failed": "bounce",
        "delayed": "tray",
        "delivered": "tray",
        "relayed": "tray",
        "expanded": "tray",
    }.items():
        failed = report("delivery-status", FAILED % action.encode(), **DAEMON)
        yield Shape(f"report: {action}", place, *failed)
    yield Shape("bounce, no report", "bounce", {**DAEMON, "References": "{message}"})
    for name, place, headers in (
        ("in the thread", "note", {"In-Reply-To": "{message}"}),
        ("by number", "note", {"Subject": "Gelezen: {number}"}),
        ("of nothing", "tray", {}),
    ):
        read = report("disposition-notification", RECEIPT, **headers)
        yield Shape(f"receipt: {name}", place, *read)


SHAPES = list(_shapes())
