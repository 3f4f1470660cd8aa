"""Passwords and codes in what customers write, found by the words that announce them.

A finder yields the places of secrets, as (start, end) in the text.

>>> text = "Het nieuwe wachtwoord van toestel 203 is Welkom26, de pin 4821"
>>> [text[start:end] for start, end in (*passwords(text), *codes(text))]
['Welkom26', '4821']
"""

import re
from collections.abc import Iterator

Place = tuple[int, int]

PASSWORD = re.compile(
    r"(?:wacht|watch|pas)(?:woord(?:en)?|wrd|zin)\b|pass?words?\b"
    r"|pass(?:phrase|wd|wort|code)\b"
    r"|\b(?:pw|pwd|ww|pass)\b(?!-)|kennwort\b|mot de passe\b|\bsecret\b"
    r"|\b(?:api|auth|access|bearer)[- ]?(?:key|token|sleutel)\b"
    r"|\b(?:wi-?fi|wpa\d?|netwerk|network)[- ]?(?:sleutel|key|code)\b"
    r"|\b(?:credentials|inloggegevens|login details|token)\b",
    re.IGNORECASE,
)
PHRASE = re.compile(r"(?:passphrase|wachtzin)$", re.IGNORECASE)
# What may stand between the word and its secret: "van toestel 203 is".
COLON = re.compile(r"[^\n:=,;.]{0,40}?(?:[-=]>|[:=])\s*")
VERB = re.compile(
    r"(?P<about>[^\n:=,;.]{0,40}?)\s(?:(?P<be>is|was|luidt|wordt|worden|ist|lautet"
    r"|zijn|are|(?:will|should|must) be)|in|naar|to|op)\s+"
    r"(?:(?:nu|now|changed|set)\s+){0,2}"
    r"(?:(?:to|in|naar)\s+)?",
    re.IGNORECASE,
)
# "toestel 201", "voor gebruiker 201"
_DEVICE = (
    r"(?:toestel(?:len)?|tst\.?|ext\.?|extension|extensie|lijn|line|mailbox|postbus"
    r"|user|gebruiker|kamer|room|poort|port|nummer|number|telefoon|phone|menu|toets)"
)
_OF_DEVICE = rf"(?:\s+(?:van|voor|op|of|for|on))?\s+{_DEVICE}\s+\d{{2,5}}"
GAP = re.compile(rf"(?:{_OF_DEVICE})?\s+", re.IGNORECASE)
QUOTED = re.compile(
    r"[^\n:=,;.\"'“‘(]{0,10}[\s:=]*(?:[\"“]([^\n\"”]{1,60})[\"”]"
    r"|['‘]([^\n'’]{1,60})['’]|\(([^\s()]{3,60})\))"
)
# A word further on in the clause that can hardly be something else.
CLEAR_IN_CLAUSE = re.compile(
    r"[^\n:=,;.]{0,40}?\s[\"'(]?(?!\S*@\S+\.|\S*[A-Z]{1,4}\d{2,4})"
    r"((?=\S*[^\W\d_])(?=\S*\d)(?=\S*[!@#$%^&*]|\S*[a-z]\S*[A-Z]|\S*[A-Z]\S*[a-z])"
    r"[^\s,;]{5,})"
)
TOKEN = re.compile(r"[^\s,;]+")
REST = re.compile(r"[^\n,;.]+")
MORE = re.compile(
    r"(?:\s+(?=[^\s,;]*[A-Z\d])|\s+(?:en|and|of|or)\s+(?=\S*\d)"
    r"|[\s,;]+(?:oud|nieuw|old|new)[:\s]+(?=\S*\d))[^\s,;]+"
)
BEFORE = re.compile(
    r"(?<!\S)(\S{4,60})\s+(?:is|was|als|as)\s+(?:(?:het|mijn|ons|the|my|our)\s+)?(?:\w+\s+)?"
    r"(?:wachtwoord|password)\b",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"\b(?:(?:inloggen|aanmelden|log ?in|sign in)\s+(?:met|with|als|as)\s+(\S+/\S+)"
    r"|(?:inlog(?:gegevens)?|login)\s*:\s*[^\s/]+\s*/\s*(\S+))",
    re.IGNORECASE,
)
USER = re.compile(
    r"\b(?:gebruiker(?:snaam)?|user(?:name)?|login)\b[^\n]{1,40}$", re.IGNORECASE
)
# What people write where a password could stand.
NO_PASSWORD = re.compile(
    r"(?:niet|geen|nog|al|onbekend|bekend|vergeten|verlopen|kwijt|resetten?|gereset"
    r"|geblokkeerd|gewijzigd|veranderd|aangepast|ingesteld|verstuurd|nodig|onjuist|fout"
    r"|verkeerd|ongeldig|weg|graag|aub|svp|a\.u\.b|s\.v\.p|zie|staat|volgt|via|per|op"
    r"|om|dan|dus|tot|na|uit|bij|met|morgen|vandaag|gisteren|eerst|altijd|nooit|later"
    r"|gebruiker(?:snaam)?|user(?:name)?|login|today|tomorrow|now|at|with|in|van|voor|naar|door|de|het|een|dat|die|deze|zo|te|hetzelfde|ongewijzigd|leeg"
    r"|n\.?v\.?t|kan|moet|werkt|doet|wijzigen|instellen|toestel\w*|not|no|unknown"
    r"|forgotten|lost|expired|reset|see|sent|wrong|invalid|incorrect|changed|blocked"
    r"|locked|needed|required|the|a|an|for|of|on|from|to|as|by|does|same|empty|tbd"
    r"|please|too|still|n/a|santa|ext\w*)\W*$",
    re.IGNORECASE,
)
MODEL = re.compile(r"[A-Z]{1,4}\d{2,4}[A-Z]{0,2}")
ADDRESS = re.compile(r"[^@]+@[\w-]+\.[\w.-]+\W*$|https?:|www\.|\d{1,4}\W*$|[\d./:]+$")
SHORT = re.compile(r"\d{1,3}\W*$")

CODE = re.compile(
    r"\b(?:voicemail|sim)?pin(?:[- ]?(?:codes?|nummer|number|nr)|\d|s)?\b"
    r"(?![- ]?(?:terminal|automaat|apparaat|header|connector|layout"
    r"|betaling|transactie))"
    r"|\b(?:toegangs?|voicemail|cijfer|alarm|deur|kluis|inlog|verificatie|sms|2fa|security"
    r"|access|door|unlock|verification|digid|puk)[- ]?code\b"
    r"|\b(?:puk|cvc|cvv|codeslot)\b",
    re.IGNORECASE,
)
# A code of any kind is a secret only where its value is said, and is not of these.
ANY_CODE = re.compile(
    r"(?<!\w)(?<!error )(?<!fout )(?<!status )(?<!country )(?<!area )(?<!qr[ -])"
    r"(?<!sip )(?<!zip )(?<!product )(?<!land )(?<!sort )code\b",
    re.IGNORECASE,
)
CODE_VALUE = re.compile(
    r"(?<![\w.,*+/-])(?:[A-Z]?\d{3,8}|\d{2}(?:[ -]\d{2}){1,3})#?(?![\w-]|[.,]\d)"
)
CODE_END = re.compile(r"[\n;]|\.\s")
DEVICE = re.compile(
    rf"(?:{_DEVICE}|order|ticket|versie|van|voor|of|for|sinds|since|vanaf|per)\s*$",
    re.IGNORECASE,
)
# "van 1111 naar 2222"
FROM = re.compile(r"(?:van|from)\s*$", re.IGNORECASE)
TO = re.compile(r"\s+(?:naar|to)\s+\d{4}", re.IGNORECASE)
VALUE_SAID = re.compile(r"(?:[:=]|\b(?:is|was|wordt|luidt|be))[\s\"(]*(?=\d|\*\*\*)")
SAID = re.compile(r"^\s*$|[:=]|\b(?:is|was|wordt|naar|to)\b", re.IGNORECASE)
JOINED = re.compile(
    rf"(?:{_OF_DEVICE})?[\s,]*(?:en|and|of|or|maak daar|naar|to|/)?\s*$",
    re.IGNORECASE,
)
_DIGIT = (
    r"(?:nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
    r"|zero|one|two|three|four|five|six|seven|eight|nine)"
)
SPELLED = re.compile(rf"\b{_DIGIT}(?:[ -]{_DIGIT}){{2,7}}\b", re.IGNORECASE)


def passwords(text: str) -> Iterator[Place]:
    """Places of passwords, keys and tokens.

    >>> list(passwords("Het wachtwoord werkt niet meer"))
    []
    """
    for word in PASSWORD.finditer(text):
        found = _password_after(text, word)
        if found:
            yield found
    for pattern in (BEFORE, LOGIN):
        for match in pattern.finditer(text):
            which = match.lastindex or 0
            if _is_strong(match[which]):
                yield match.span(which)


def _password_after(text: str, word: re.Match[str]) -> Place | None:
    end = word.end()
    quoted = QUOTED.match(text, end)
    if quoted:
        which = quoted.lastindex or 0
        if which < 3 or _is_strong(quoted[which]):
            return quoted.span(which)
    colon = COLON.match(text, end)
    if colon:
        if PHRASE.search(word[0]):
            rest = REST.match(text, colon.end())
            return rest.span() if rest else None
        return _value(text, colon.end(), any_word=True)
    gap = GAP.match(text, end)
    if gap:
        before = text[max(0, word.start() - 60) : word.start()]
        found = _value(text, gap.end(), any_word=bool(USER.search(before)))
        if found:
            return found
    verb = VERB.match(text, end)
    if verb:
        found = _value(
            text,
            verb.end(),
            any_word=bool(verb["be"]) and not verb["about"].strip(),
            said=bool(verb["be"]),
        )
        if found:
            return found
    clear = CLEAR_IN_CLAUSE.match(text, end)
    return clear.span(1) if clear else None


def _value(text: str, start: int, any_word: bool, said: bool = True) -> Place | None:
    """The word there and those that belong to it, if it can be a password.

    :param any_word: also one of small letters alone
    :param said: False where an address or an extension may stand as well
    """
    token = TOKEN.match(text, start)
    if not token or NO_PASSWORD.match(token[0]) or SHORT.match(token[0]):
        return None
    if not (any_word or _is_strong(token[0])):
        return None
    if not said and ADDRESS.match(token[0]):
        return None
    end = token.end()
    while any_word and (more := MORE.match(text, end)):
        end = more.end()
    return start, end


def _is_strong(word: str) -> bool:
    """Whether a word looks like a password: letters with digits or signs among them, or
    five digits and more, but no telephone number and no model of a telephone.

    >>> [_is_strong(word) for word in ("Zx9kk", "kat#", "844210", "toestel", "T46S")]
    [True, True, True, False, False]
    """
    inner = word.strip(".?!:()\"'")
    if MODEL.fullmatch(inner):
        return False
    if re.fullmatch(r"[1-9]\d{4,}", inner):
        return True
    return bool(
        re.search(r"[^\W\d_]", inner) and re.search(r"\d|[!@#$%^&*+=]|_", inner)
    )


def codes(text: str) -> Iterator[Place]:
    """Places of PINs and of the codes of doors, alarms and cards.

    >>> list(codes("PIN reset for extension 301"))
    []
    """
    for word in CODE.finditer(text):
        yield from _codes_after(text, word.end(), fewest=3)
    for word in ANY_CODE.finditer(text):
        yield from _codes_after(text, word.end(), fewest=4)


def _codes_after(text: str, start: int, fewest: int) -> Iterator[Place]:
    stop = CODE_END.search(text, start, start + 60)
    end = stop.start() if stop else min(len(text), start + 60)
    if said := VALUE_SAID.search(text, start, end):
        start = said.end()
    last = None
    for pattern in (CODE_VALUE, SPELLED):
        for value in pattern.finditer(text, start, end):
            between = text[start if last is None else last : value.start()]
            changes = FROM.search(between) and TO.match(text, value.end())
            if DEVICE.search(between) and not changes:
                continue
            digits = sum(map(str.isdigit, value[0]))
            if pattern is CODE_VALUE and digits < fewest:
                continue
            unsure = fewest > 3 or digits == 3
            if last is None and unsure and not SAID.search(between):
                continue
            if last is not None and not JOINED.match(between):
                break
            last = value.end()
            yield value.span()
