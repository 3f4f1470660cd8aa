"""What customers write about somebody's health: who is a patient, and of what.

A hospital has a menu for diabetes: such a word is a secret where it is said of a
person, or where nothing speaks of telephony.

>>> text = "patiënt mevr. Jansen heeft diabetes; menu 2 is de diabetespoli"
>>> [text[start:end] for start, end in health(text)]
['mevr. Jansen', 'diabetes']
"""

import re
from collections.abc import Iterator

Place = tuple[int, int]

_TITLE = r"(?:mevr|mw|dhr|de heer|mevrouw|mr|mrs|ms)\b\.?\s*"
_NAME = r"(?:(?:[a-z]\.)*\s*(?:(?:van|de|der|den|ter|ten|'t)\s+)*[A-Z][\w'-]*\.?\s*)+"
PATIENT = re.compile(
    rf"(?:\b[Pp]ati[eë]nt(?:en?)?|\b[Cc]liënt(?:en?)?|\b[Cc]lient(?=\s+(?:{_TITLE}|[A-Z]\.)))\b"
    rf"(?:\s+(?:name|naam))?\s*[:,]?\s+(?:(?:heet|is)\s+)?((?:{_TITLE})?{_NAME}(?:(?:en|and)\s+(?:{_TITLE})?{_NAME})?)"
)
ILLNESS = re.compile(
    r"\b(?:(?:borst|long|darm|huid)?kanker|(?:hersen)?tumor|longembolie|leukemie|chemo(?:therapie)?|bestraling"
    r"|depressi(?:e|ef)|burn-?out|overspannen\w*|zwanger\w*|miskraam|abortus"
    r"|hiv(?:-positief)?|aids|epilepsie|astma|copd|dement(?:ie)?|alzheimer|parkinson"
    r"|adhd|autis(?:me|tisch)|ptss|psychose|psychotisch|schizofreni\w+|bipolair"
    r"|angststoornis|hart(?:aanval|infarct|falen)|beroerte|herseninfarct|hernia|reuma"
    r"|diabetes|suikerziekte|corona|(?:long[ -])?covid(?:-19)?|longontsteking|hepatitis"
    r"|migraine|verslaafd|verslaving|antidepressiva|insuline|dialyse"
    r"|psychiatrische (?:kliniek|opname)|multiple sclerose|cancer|leukemia"
    r"|chemotherapy|depression|depressed"
    r"|pregnan(?:t|cy)|miscarriage|abortion|epilepsy|asthma|dementia|autism|autistic"
    r"|ptsd|psychosis"
    r"|schizophrenia|bipolar|heart (?:attack|failure)|stroke|multiple sclerosis"
    r"|addict(?:ed|ion)|antidepressants|insulin|dialysis)\b",
    re.IGNORECASE,
)
# Said of a person alone.
WEAK = re.compile(
    r"\b(?:ziek|operatie|geopereerd|griep|revalidatie|therapie|medicijnen|medicatie"
    r"|psycholoog|psychiater|sick|surgery|flu|therapy|medication)\b",
    re.IGNORECASE,
)
# Said of a person, in the same clause.
PERSON = re.compile(
    r"\b(?:hij|zij|ze|hem|haar|zijn|mevr(?:ouw)?|mw|dhr|heer|collega|medewerk\w+|pati\w+"
    r"|heeft|wegens|vanwege|want|slikt|he|she|his|her|him|mr|mrs|ms"
    r"|colleague|due to|because|suffers?|diagnosed)\b",
    re.IGNORECASE,
)
TELEPHONY = re.compile(
    r"afdeling|poli|menu|optie|toets|keuze|kies|wachtrij|belgroep|tekst|lijn|kliniek"
    r"|praktijk|melding|toestel|nummer|queue|department|ward|option|press|group|line",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"[\n;.!?]")


def health(text: str) -> Iterator[Place]:
    """Places of names of patients and of words on somebody's health.

    >>> list(health("Wachtrij diabetes heet voortaan wachtrij 2"))
    []
    """
    for match in PATIENT.finditer(text):
        yield match.start(1), match.start(1) + len(match[1].rstrip())
    for match in ILLNESS.finditer(text):
        clause = _clause(text, match)
        if PERSON.search(clause) or not TELEPHONY.search(clause):
            yield match.span()
    for match in WEAK.finditer(text):
        if PERSON.search(_clause(text, match)):
            yield match.span()


def _clause(text: str, match: re.Match[str]) -> str:
    """What stands around a word, at most a hundred letters to each side."""
    before = CLAUSE.split(text[max(0, match.start() - 100) : match.start()])[-1]
    after = CLAUSE.split(text[match.end() : match.end() + 100])[0]
    return f"{before} {after}"
