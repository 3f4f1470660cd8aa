"""Numbers that say who somebody is or where his money is: citizens, accounts, cards.

A number is one by its check digits, or by the word in front of it.

>>> text = "BSN 123456782, order 123456782, naar NL91 ABNA 0417 1643 00"
>>> [text[start:end] for start, end in numbers(text)]
['123456782', 'NL91 ABNA 0417 1643 00']
"""

import re
from collections.abc import Iterator

Place = tuple[int, int]

# Nine digits, also written as 1234.56.782 or 123-456-782.
NINE = re.compile(
    r"(?<![\w.+-])(?:\d{9}|\d{4}([ .-])\d{2}\1\d{3}|\d{3}([.-])\d{3}\2\d{3})(?![\w-])"
)
# In front of nine digits that are the number of something else, or a telephone.
OTHERS = re.compile(
    r"(?:order|bestel|factuur|invoice|ticket|klant|kvk|rsin|btw|vat|artikel|serie"
    r"|serial|po|pakket|ref|kenmerk|zaak|dossier|id|gateway|sn|mac|code|lid|relatie|case"
    r"|debiteur|project|contract|offerte|quote|sim|did|reeks|blok|account|tel|fax|mobiel|phone|nummer|number|call|bel|imei|ean"
    r"|\+\d{1,3}|00\d{2}|\bno|\bnr)\w*[^\n\d]{0,22}$",
    re.IGNORECASE,
)
# An account, also in groups of four.
ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{1,4}){3,8}\b", re.IGNORECASE)
CARD = re.compile(
    r"(?<![\w.-])(?:[2-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}|3[47]\d{2}[ -]\d{6}[ -]\d{5})"
    r"(?![\w-])"
)
_DIGITS = r"\d(?:[ .-]?\d)"
# A word, and the number that it makes a secret.
ANNOUNCED = re.compile(
    r"\b(?:"
    rf"(?:bsn|burgerservice|sofi|citizen(?: service)?)[- ]?(?:nummer|number|nr)?\b"
    rf"[^\n\d,;.]{{0,25}}({_DIGITS}{{7,8}})"
    r"|(?:ssn|social security)\b[^\n\d,;.]{0,25}(\d{3}-?\d{2}-?\d{4})"
    rf"|rijksregister(?:nummer)?\b[^\n\d,;]{{0,25}}({_DIGITS}{{10}})"
    r"|(?:nino|national insurance)\b[^\n\d,;.]{0,20}?"
    r"([A-Z]{2}(?: ?\d{2}){3} ?[A-Z])"
    r"|(?:paspoort|passport|rijbewijs|identiteitskaart|id-kaart)(?:nummer)?\b"
    r"(?:\s*(?:number|nummer|no|nr)\b)?[\s.:]{1,3}((?=[A-Z]*\d)[A-Z0-9]{8,10})"
    r"|iban\b[^\n,;.]{0,12}?([A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d){10})"
    r"|(?:(?:bank)?rekening|giro|account)(?:nummer|[- ]?(?:number|no|nr))\b"
    r"[^\n\d,;.]{0,12}(\d{7,18}|\d{2}\.\d{2}\.\d{2}\.\d{3})"
    r"|(?<!op )(?:bank)?(?:rekening|account)[\s:]{1,3}(?!20)(\d{8,10})"
    r"|sort[- ]code\b[^\n\d,;.]{0,5}(\d{2}-?\d{2}-?\d{2})"
    r"|(?:pati[eë]nt(?:en)?|cli[eë]nt(?:en)?|dossier|polis|zorgpas)[- ]?"
    r"(?:nummer|number|nr)\b[\s.:]{1,3}(\d[\d-]{3,15})"
    r")(?![\w-])",
    re.IGNORECASE,
)
BORN = re.compile(
    r"\b(?:geb(?:oren|oortedatum|\.)?|date of birth|dob|born)\b[^\n\d,;]{0,8}"
    r"(\d{1,4}[-/ .](?:\d{1,2}|[a-z]{3,9})[-/ .]\d{2,4})",
    re.IGNORECASE,
)


def is_social_security_number(digits: str) -> bool:
    """The eleven test of a Dutch BSN: nine digits weighed 9, 8, ... 2 and -1.

    >>> is_social_security_number("123456782")
    True
    >>> is_social_security_number("123456783")
    False
    """
    if not re.fullmatch(r"\d{9}", digits) or not int(digits):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0


def is_account(text: str) -> bool:
    """An IBAN by its check digits, modulo 97.

    >>> is_account("NL91 ABNA 0417 1643 00")
    True
    >>> is_account("NL92ABNA0417164300")
    False
    """
    compact = re.sub(r"[\s.-]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compact):
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def is_card(text: str) -> bool:
    """The number of a card by its check digit (Luhn).

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(each) for each in re.sub(r"\D", "", text)][::-1]
    doubled = sum(sum(divmod(2 * each, 10)) for each in digits[1::2])
    return (sum(digits[::2]) + doubled) % 10 == 0


def numbers(text: str) -> Iterator[Place]:
    """Places of the numbers of citizens, documents, accounts, cards and patients.

    >>> list(numbers("Bel +31 612345678, kvk 12345678"))
    []
    """
    for match in ANNOUNCED.finditer(text):
        yield match.span(match.lastindex or 0)
    for match in BORN.finditer(text):
        yield match.span(1)
    for match in NINE.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        digits = re.sub(r"\D", "", match[0])
        if is_social_security_number(digits) and not OTHERS.search(before):
            yield match.span()
    for match in ACCOUNT.finditer(text):
        if end := _account_end(match):
            yield match.start(), end
    for match in CARD.finditer(text):
        if is_card(match[0]):
            yield match.span()


def _account_end(found: re.Match[str]) -> int:
    """Where the account ends in what looks like one; words behind it may have been
    taken along. 0: it is none."""
    text = found[0]
    for end in range(len(text), 14, -1):
        if is_account(text[:end]) and not text[end:][:1].isalnum():
            return found.start() + end
    return 0
