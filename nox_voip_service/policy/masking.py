"""What a customer writes in confidence does not travel to orders and invoices.

Passwords, PINs, numbers of citizens, bank accounts, names of patients and words on
somebody's health become asterisks; the rest of the sentence stays.

>>> masked("SIP-wachtwoord toestel 201: Zx9!kk, voicemail-pin 4821")
'SIP-wachtwoord toestel 201: ***, voicemail-pin ***'
>>> masked("BSN 123456782, IBAN NL91ABNA0417164300, patiënt mevr. Jansen")
'BSN ***, IBAN ***, patiënt ***'
"""

from .secret_health import health
from .secret_numbers import numbers
from .secret_words import codes, passwords

STARS = "***"
FINDERS = (passwords, codes, numbers, health)


def masked(text: str) -> str:
    """The text without what nobody but the technician should read.

    >>> masked("Toestel 201 gaat naar 0201234567.")
    'Toestel 201 gaat naar 0201234567.'
    """
    spans = sorted(span for find in FINDERS for span in find(text))
    parts = []
    done = 0
    for start, end in spans:
        if start >= done:
            parts += [text[done:start], STARS]
        done = max(done, end)
    return "".join([*parts, text[done:]])


def masked_reference(text: str) -> str:
    """A customer's own number for something, which is no citizen's.

    >>> masked_reference("123456782"), masked_reference("PO 7, pin 4821")
    ('123456782', 'PO 7, pin ***')
    """
    lead = "ref "
    return masked(lead + text)[len(lead) :]
