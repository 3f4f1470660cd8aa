"""What a customer writes in confidence does not travel to orders and invoices.

Passwords, PINs, social security numbers, bank accounts and names of patients become
asterisks; the rest of the sentence stays.

>>> masked("SIP-wachtwoord toestel 201: Zx9!kk, voicemail-pin 4821")
'SIP-wachtwoord toestel 201: ***, voicemail-pin ***'
>>> masked("BSN 123456782, IBAN NL91ABNA0417164300, patiënt mevr. Jansen")
'BSN ***, IBAN ***, patiënt ***'
"""

import re

STARS = "***"
# Words that announce a secret, and what may stand between them and it.
SECRET = re.compile(
    r"((?:wachtwoord(?:en)?|password|passwd|passwort|kennwort|mot de passe|secret)\b"
    r"(?:[^\n:=,;.]{0,40}[:=]|\s+(?:is|wordt|ist|luidt)\b|(?=\s+\S*\d))\s*)"
    r"([^\s,;]+)",
    re.IGNORECASE,
)
PIN = re.compile(
    r"(\b(?:pin(?:[- ]?code)?|toegangscode|code|puk)\b[^\n\d,;.]{0,30})"
    r"(\d[\d ]{2,9}\d)",
    re.IGNORECASE,
)
PATIENT = re.compile(
    r"((?:pati[eë]nte?|cli[eë]nte?|patient)\b\s*:?\s+)"
    r"((?:(?:mevr|mw|dhr|de heer|mevrouw|mr|mrs|ms)\b\.?\s*)?"
    r"(?:(?:[a-z]\.)*\s*(?:(?:van|de|der|den|ter|ten|'t)\s+)*[A-Z][\w'-]*\.?\s*)+)",
)
# Nine digits, also written as 1234.56.782; an account, also in groups of four.
NUMBER = re.compile(r"(?<![\w.])\d(?:[ .]?\d){8}(?![\w])")
ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b", re.IGNORECASE)


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
    compact = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compact):
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def masked(text: str) -> str:
    """The text without what nobody but the technician should read.

    >>> masked("Toestel 201 gaat naar 0201234567.")
    'Toestel 201 gaat naar 0201234567.'
    """
    text = ACCOUNT.sub(_mask_accounts, text)
    text = NUMBER.sub(
        lambda found: (
            STARS
            if is_social_security_number(re.sub(r"[ .]", "", found[0]))
            else found[0]
        ),
        text,
    )
    text = SECRET.sub(rf"\g<1>{STARS}", text)
    text = PIN.sub(rf"\g<1>{STARS}", text)
    return PATIENT.sub(_mask_name, text)


def _mask_accounts(found: re.Match[str]) -> str:
    """The account in what looks like one; words behind it may have been taken along."""
    text = found[0]
    for end in range(len(text), 14, -1):
        if is_account(text[:end]) and not text[end:][:1].isalnum():
            return STARS + text[end:]
    return text


def _mask_name(found: re.Match[str]) -> str:
    name = found[2]
    return found[1] + STARS + name[len(name.rstrip()) :]
