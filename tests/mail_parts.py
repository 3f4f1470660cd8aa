"""What mails are made of: a head, parts within parts, reports."""

import base64
from dataclasses import dataclass, field

TEXT = "Please add Jan to our call group."
ANNA = "Anna <anna@bakery.example>"


@dataclass(frozen=True)
class Shape:
    """``headers`` replace or add to those of a usual mail; None leaves one out."""

    name: str
    place: str
    headers: dict = field(default_factory=dict)
    body: bytes = TEXT.encode()

    def as_bytes(self, places):
        """The mail, with ``{ticket}``, ``{address}`` and the like filled in."""
        headers = {
            "From": ANNA,
            "To": "{address}",
            "Subject": "Call group",
            "Date": "Mon, 02 Mar 2026 09:00:00 +0100",
            "Message-Id": "<{case}@bakery.example>",
            **self.headers,
        }
        lines = [
            name.encode() + b": " + _filled(value, places)
            for name, value in headers.items()
            if value is not None
        ]
        return b"\r\n".join([*lines, b"", _filled(self.body, places)])


def _filled(value, places):
    value = value if isinstance(value, bytes) else value.encode()
    for name, known in places.items():
        value = value.replace(b"{%s}" % name.encode(), known.encode())
    return value


def parts(kind, *parts, boundary="b0", **headers):
    """The headers and the body of a mail in parts."""
    edge = b"--" + boundary.encode()
    body = b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--"
    return {"Content-Type": f'multipart/{kind}; boundary="{boundary}"', **headers}, body


def part(kind, content=b"", **headers):
    lines = [
        f"{name.replace('_', '-')}: {value}".encode() for name, value in headers.items()
    ]
    return b"\r\n".join([b"Content-Type: " + kind.encode(), *lines, b"", content])


WORDS = part("text/plain; charset=utf-8", TEXT.encode())
HTML = part("text/html; charset=utf-8", f"<p>{TEXT}</p>".encode())
PDF = part(
    "application/pdf",
    base64.b64encode(b"%PDF-1.4 x"),
    Content_Transfer_Encoding="base64",
    Content_Disposition='attachment; filename="a.pdf"',
)


def encoded(charset):
    """A text with an accent, in a charset that it may not have."""
    headers = {"Content-Type": f"text/plain; charset={charset}"}
    try:
        body = ("Café. " + TEXT).encode(charset)
    except (LookupError, UnicodeError, AttributeError, TypeError):
        body = ("Café. " + TEXT).encode("latin-1")
    return headers, body


def deep(levels):
    body = WORDS
    for level in range(levels):
        headers, inner = parts("mixed", body, boundary=f"b{level}")
        body = part(headers["Content-Type"], inner)
    return parts("mixed", body, boundary="outer")


def structures():
    """What a mail is made of, by name: its headers and its body."""
    plain = {"Content-Type": "text/plain; charset=utf-8"}
    yield "html", ({"Content-Type": "text/html; charset=utf-8"}, b"<p>" + TEXT.encode())
    yield "alternative", parts("alternative", WORDS, HTML)
    yield "with a file", parts("mixed", WORDS, PDF)
    yield "only a file", parts("mixed", PDF)
    yield "signed", parts("signed", WORDS, part("application/pkcs7-signature", b"x"))
    yield (
        "forwarded as a file",
        parts(
            "mixed",
            WORDS,
            part("message/rfc822", b"From: a@b.c\r\nSubject: x\r\n\r\ny"),
        ),
    )
    yield (
        "invitation",
        parts(
            "alternative",
            WORDS,
            part("text/calendar; method=REQUEST", b"BEGIN:VCALENDAR"),
        ),
    )
    yield "winmail", parts("mixed", WORDS, part("application/ms-tnef", b"\x78\x9f"))
    yield "old octets", parts("mixed", WORDS, part("binary/octet-stream", b"\0\1"))
    yield "starred", parts("mixed", WORDS, part("*/*", b"x"))
    yield "no such type", parts("mixed", WORDS, part("text", b"x"))
    yield (
        "nul in a name",
        parts(
            "mixed",
            WORDS,
            part(
                "text/csv", b"a;b", Content_Disposition='attachment; filename="a\0.csv"'
            ),
        ),
    )
    yield (
        "file of a strange charset",
        parts(
            "mixed", WORDS, part('text/csv; charset="x-mac"; name="a.csv"', b"a;b\xe9")
        ),
    )
    yield (
        "picture",
        parts(
            "related",
            part("text/html; charset=utf-8", TEXT.encode() + b'<img src="cid:1">'),
            part("image/png; name=a.png", b"iVBORw==", Content_Id="<1>"),
        ),
    )
    yield "no parts", ({"Content-Type": 'multipart/mixed; boundary="none"'}, b"")
    yield "no boundary", ({"Content-Type": "multipart/mixed"}, TEXT.encode())
    yield "cut off", (parts("mixed", WORDS, PDF)[0], b"--b0\r\n" + WORDS)
    yield "scan", ({"Content-Type": "application/pdf; name=scan.pdf"}, b"%PDF-1.4 x")
    yield "voicemail", ({"Content-Type": "audio/wav; name=1.wav"}, b"RIFF")
    yield (
        "a mail as the mail",
        (
            {"Content-Type": "message/rfc822"},
            b"From: a@b.c\r\nSubject: x\r\n\r\ny",
        ),
    )
    yield "a calendar alone", ({"Content-Type": "text/calendar"}, b"BEGIN:VCALENDAR")
    yield "nul", (plain, b"Please\x00 add Jan to our call group.")
    yield "nul in html", ({"Content-Type": "text/html"}, b"<p>Please\x00 add</p>")
    yield "control", (plain, bytes(range(1, 32)) + TEXT.encode())
    yield "nothing", (plain, b"")
    yield "html of nothing", ({"Content-Type": "text/html"}, b"<!-- -->")
    yield "html of a comment", ({"Content-Type": "text/html"}, b"<?xml version='1'?>")
    yield (
        "xhtml",
        (
            {"Content-Type": "text/html; charset=utf-8"},
            b'<?xml version="1.0" encoding="utf-8"?><html><body>x</body></html>',
        ),
    )
    yield "wrong base64", ({**plain, "Content-Transfer-Encoding": "base64"}, b"!a!==x")
    yield (
        "wrong quoted",
        (
            {**plain, "Content-Transfer-Encoding": "quoted-printable"},
            b"=E9=ZZ= x",
        ),
    )
    yield "no encoding", ({**plain, "Content-Transfer-Encoding": "x-none"}, b"x")
    yield "old encoding", ({**plain, "Content-Transfer-Encoding": "uuencode"}, b"x")
    yield "8 bits as 7", ({"Content-Type": "text/plain"}, "Café".encode())
    yield "wrong utf-8", (plain, b"Caf\xe9 \xff\xfe")
    yield "type twice", ({**plain, "content-type": "text/html"}, TEXT.encode())
    yield "bad type", ({"Content-Type": ";;;"}, TEXT.encode())
    yield "deep", deep(50)
    yield "very deep", deep(400)
    yield "hundred parts", parts("mixed", *[WORDS] * 100)
    yield "one line", (plain, b"x" * 300_000)
    yield (
        "five megabytes",
        parts("mixed", WORDS, part("application/zip; name=a.zip", b"x" * 5_000_000)),
    )


def report(kind, status=b"", **headers):
    report = {"delivery-status": "delivery-status"}.get(kind, kind)
    copy = b"Message-Id: {message}\r\nSubject: Call group\r\n\r\n"
    made, body = parts(
        f"report; report-type={kind}",
        part("text/plain", b"This is a report."),
        part(f"message/{report}", b"Reporting-MTA: dns; mx\r\n\r\n" + status),
        part("text/rfc822-headers", copy),
    )
    return {**made, **headers}, body


DAEMON = {"From": "MAILER-DAEMON <mailer-daemon@mx.example>"}
FAILED = b"Final-Recipient: rfc822; anna@bakery.example\r\nAction: %s\r\n"
RECEIPT = b"Final-Recipient: rfc822;anna@bakery.example\r\nDisposition: x; displayed"
FORWARD = """\
Can you do this?

---------- Forwarded message ---------
%s: Anna <anna@bakery.example>
Date: Mon, 2 Mar 2026
Subject: Call group

Please add Jan."""
