"""The text of a mail as it came: what cannot be read as it stands is made readable,
and a forwarded mail says who wrote it first.

>>> whole(b"Subject: a\\x00b\\r\\n\\r\\nx\\x00y").startswith(b"Subject: ab\\r\\n")
True
>>> forwarded_from("FW: menu", "Please.\\nVan: Anna <anna@bakery.example>\\nHello")
'anna@bakery.example'
"""

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import SMTP, compat32
from email.utils import parsedate
from typing import Any

KNOWN_HEADERS = (
    *("From", "To", "Cc", "Delivered-To", "Resent-To", "Date", "Message-Id"),
    *("In-Reply-To", "References", "Auto-Submitted", "Precedence", "X-Autoreply"),
    *("X-Autorespond", "X-Autoresponder", "X-Auto-Response-Suppress"),
)
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
FORWARD = re.compile(r"\s*(fw|fwd|wg|tr|doorst|doorgestuurd)\s*:", re.IGNORECASE)
WRITER = re.compile(
    rf"^[\s>*]*(?:from|van|von|de)\s*\**\s*:[^\n]*?({ADDRESS.pattern})",
    re.IGNORECASE | re.MULTILINE,
)
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
MAX_HEADER = 10_000
NO_LETTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def whole(raw: bytes) -> bytes:
    """A mail without NUL in its head: no database stores it, and no mail program that
    people use writes it."""
    end = END_OF_HEAD.search(raw)
    head = raw[: end.start()] if end else raw
    return head.replace(b"\0", b"") + raw[len(head) :]


def printable(text: str) -> str:
    """A text without the signs that no XML file may hold: a subject comes to stand in
    an electronic invoice.

    >>> printable("Call\\x07 group\\x00")
    'Call group'
    """
    return NO_LETTERS.sub("", text)


def printable_node(node: Any) -> Any:
    """All texts of a part of an XML file, given as its names and values, without the
    signs that no such file may hold.

    >>> printable_node({"cbc:Note": {"_text": "By\\ufffe mail"}, "cbc:Line": [1, None]})
    {'cbc:Note': {'_text': 'By mail'}, 'cbc:Line': [1, None]}
    """
    if isinstance(node, dict):
        return {name: printable_node(value) for name, value in node.items()}
    if isinstance(node, list):
        return [printable_node(each) for each in node]
    return printable(node) if isinstance(node, str) else node


def is_dated(message: Message) -> bool:
    """Whether a mail says in its head when it was written.

    >>> mail = EmailMessage()
    >>> mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0100"
    >>> is_dated(mail), is_dated(EmailMessage())
    (True, False)
    """
    return parsedate(str(message.get("Date", ""))) is not None


def is_text_charset(name: str) -> bool:
    """Whether Python reads a text in this charset, with a sign for what is wrong.

    >>> [is_text_charset(name) for name in ("utf-8", "x-unknown", "base64", "idna")]
    [True, False, False, False]
    """
    try:
        b"a".decode(name, "replace")
    except (LookupError, ValueError):
        return False
    return True


def read_by_guess(message: Message) -> None:
    """Give each text in a charset that does not exist one in which it can be read:
    UTF-8 where that fits, else that of Windows."""
    for part in message.walk():
        charset = part.get_content_charset()
        if not charset or part.is_multipart() or is_text_charset(charset):
            continue
        content = part.get_payload(decode=True)
        fits = isinstance(content, bytes) and _is_utf8(content)
        part.set_param("charset", "utf-8" if fits else "windows-1252")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def plain_copy(raw: bytes, sentence: str) -> EmailMessage:
    """A mail that no program can take apart, as one that every program can: who wrote
    it to whom, in which thread, a sentence, and the mail itself as a file.

    >>> copy = plain_copy(b"From: a@b.example\\nMessage-Id: <>\\n\\nx", "Look.")
    >>> copy["From"], copy["Message-Id"], copy.get_payload()[1].get_filename()
    ('a@b.example', None, 'mail.eml')
    """
    head = BytesHeaderParser(policy=compat32).parsebytes(whole(raw))
    copy = EmailMessage(policy=SMTP)
    for name in KNOWN_HEADERS:
        value = _plain(" ".join(str(each) for each in head.get_all(name, [])))
        if name in ("From", "To", "Cc", "Delivered-To", "Resent-To"):
            value = ", ".join(ADDRESS.findall(value))
        elif name in ("Message-Id", "In-Reply-To", "References"):
            value = " ".join(re.findall(r"<[^\s<>@]+@[^\s<>@]+>", value))
        if value and _is_header(name, value):
            copy[name] = value
    copy["Subject"] = _plain(str(head.get("Subject", "")))[:200]
    copy.set_content(sentence)
    copy.add_attachment(
        raw, maintype="application", subtype="octet-stream", filename="mail.eml"
    )
    return copy


def envelope(raw: bytes) -> dict[str, str]:
    """Sender, addresses and subject of a mail, as far as they can be read, for people.

    >>> envelope(b"From: A <a@b.nl>\\nTo: c@d.example\\nSubject: =?utf8?Q?=C3=A9?=")
    {'sender': 'a@b.nl', 'recipients': 'c@d.example', 'subject': 'é'}
    """
    copy = plain_copy(raw, "")
    subject = copy["Subject"] or ""
    try:
        readable = str(make_header(decode_header(subject)))
    except (MessageError, LookupError, ValueError):
        readable = subject
    names = ("To", "Cc", "Delivered-To", "Resent-To")
    return {
        "sender": copy["From"] or "",
        "recipients": ", ".join(copy[name] for name in names if copy[name]),
        "subject": printable(one_line(readable)),
    }


def _is_header(name: str, value: str) -> bool:
    """Whether Python's own reader comes through a header; it breaks on some.

    >>> _is_header("Message-Id", "<1@x.example>"), _is_header("Message-Id", "<,1@x> <")
    (True, False)
    """
    try:
        SMTP.header_factory(name, value)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError):
        return False
    return True


def one_line(text: str) -> str:
    """A text as it can stand in the head of a mail: names that came out of a
    spreadsheet have line breaks.

    >>> one_line("Menu\\r\\nBcc: x"), one_line("Menu")
    ('Menu Bcc: x', 'Menu')
    """
    return re.sub(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*", " ", text).strip()


def _plain(value: str) -> str:
    """What can stand in a header of one line."""
    return "".join(
        each for each in " ".join(value[:MAX_HEADER].split()) if " " <= each <= "~"
    )


def forwarded_from(subject: str, text: str) -> str:
    """The address of who wrote a mail that somebody forwarded; nothing where it is no
    forwarded one, or says nobody.

    >>> forwarded_from("Menu", "Van: Anna <anna@bakery.example>")
    ''
    >>> forwarded_from("Fwd: menu", "From: *Anna* [mailto:anna@bakery.example]")
    'anna@bakery.example'
    """
    found = FORWARD.match(subject or "") and WRITER.search(text or "")
    return found.group(1).lower() if found else ""


def failed_delivery(message: Message) -> bool:
    """Whether a report says that a mail was not delivered: not that it was, that it
    was read, or that it still waits.

    >>> receipt = EmailMessage()
    >>> receipt["Content-Type"] = "multipart/report; report-type=delivery-status"
    >>> failed_delivery(receipt)
    True
    """
    if message.get_content_type() != "multipart/report":
        return True
    if str(message.get_param("report-type", "")).lower() == "disposition-notification":
        return False
    actions = [
        str(block.get("Action", "")).strip().lower()
        for part in message.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in _blocks(part)
        if block.get("Action")
    ]
    return not actions or "failed" in actions


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return (
        [each for each in payload if isinstance(each, Message)]
        if isinstance(payload, list)
        else []
    )
