"""What a browser sends, made safe: anything can stand in any parameter."""

import math
import os
from datetime import date

from ...policy.mail_text import printable

MAX_ID = 2**31 - 1
MAX_QUANTITY = 9_999
MAX_SUBJECT = 200
MAX_REFERENCE = 80
MAX_DESCRIPTION = 20_000
MAX_FILES = 5
MAX_FILE_BYTES = 10 * 1024 * 1024
# Documents, pictures, and the sound of an announcement.
FILE_TYPES = (
    ".csv .doc .docx .gif .heic .jpeg .jpg .m4a .mp3 .odp .ods .odt .ogg .pdf .png"
    " .ppt .pptx .txt .wav .webp .xls .xlsx"
).split()


def number(value):
    """An id from a browser; 0, which is nobody's, for anything that is none."""
    text = str(value) if isinstance(value, (str, int)) else ""
    if text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= MAX_ID:
        return int(text)
    return 0


def quantity(value):
    """How many of something, from a browser: 0 to 9,999, in whole pieces; None for
    anything else, ``true`` and text included."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if (
        not math.isfinite(value)
        or value != int(value)
        or not 0 <= value <= MAX_QUANTITY
    ):
        return None
    return int(value)


def text(value, length=math.inf):
    """A text from a browser, without what a database or an XML file refuses; empty
    when it is no text. One character more than `length` is kept, so that too long
    stays too long."""
    if not isinstance(value, str):
        return ""
    if len(value) > length:
        value = value[: int(length) + 1]
    return printable(value).strip()


def date_range(begin, end):
    """The two dates of a list as they came, when both are dates; else none: the base
    filters by the pair."""
    return (begin, end) if _is_date(begin) and _is_date(end) else (None, None)


def _is_date(value):
    """Whether a text from a browser is a date, as in 2026-03-01."""
    try:
        return isinstance(value, str) and str(date.fromisoformat(value)) == value
    except ValueError:
        return False


def choice(value, options, default):
    """The value when it is one of the options, else the default."""
    return value if isinstance(value, str) and value in options else default


def files(uploads):
    """``([(name, content)], code)`` of uploaded files; the code names what is wrong
    with them: ``too_many``, ``too_large`` or ``wrong_type``."""
    found = []
    for upload in uploads:
        name = os.path.basename(text(upload.filename).replace("\\", "/"))
        if not name:
            continue
        if len(found) == MAX_FILES:
            return [], "too_many"
        if os.path.splitext(name)[1].lower() not in FILE_TYPES:
            return [], "wrong_type"
        content = upload.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            return [], "too_large"
        found.append((name[-100:], content))
    return found, ""
