"""Names of people as lists and people write them.

>>> name_key("ANNA  van ’t Hoff - de Vries") == name_key("Anna van 't Hoff-de Vries")
True
"""

import re
import unicodedata
from difflib import SequenceMatcher

ALIKE = 0.75
_APOSTROPHES = "[’‘`´ʼ′]"
_DASHES = "[‐‑‒–—−]"


def name_key(name: str) -> str:
    """What two spellings of one name share: case, spaces, apostrophes, dashes, and
    the order of "Vries, Anna de" do not count.

    >>> name_key("Vries, Anna de"), name_key("Ĳsbrand O ’Brien")
    ('anna de vries', "ijsbrand o 'brien")
    """
    text = re.sub(_APOSTROPHES, "'", name)
    text = unicodedata.normalize("NFKC", re.sub(_DASHES, "-", text)).casefold()
    text = unicodedata.normalize("NFC", text)
    if text.count(",") == 1:
        last, first = text.split(",")
        text = f"{first} {last}"
    text = re.sub(r"\s*-\s*", "-", text)
    return " ".join(re.sub(r"'\s+", "'", text).split())


def alike(one: str, other: str) -> bool:
    """Could two names be of one person, spelled in two ways? What they share says
    nothing: two people of a family share most of it.

    >>> alike("A. van 't Hoff", "Anna van 't Hoff-de Vries"), alike("Anna", "anna Bos")
    (True, True)
    >>> alike("Zoe", "Zoë"), alike("Jan Janssen", "Jan Jansen")
    (True, True)
    >>> alike("Anna de Vries", "Bert Jansen"), alike("A. Vries", "Bert Vries")
    (False, False)
    """
    words, others = _words(one), _words(other)
    for word in list(words):
        if word in others:
            words.remove(word)
            others.remove(word)
    for word in list(words):
        for rest in list(others):
            initial, full = sorted((word.rstrip("."), rest.rstrip(".")))
            if len(initial) == 1 and full.startswith(initial) and word in words:
                words.remove(word)
                others.remove(rest)
    if not words or not others:
        return True
    return SequenceMatcher(None, " ".join(words), " ".join(others)).ratio() >= ALIKE


def _words(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", name_key(name))
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return bare.replace("-", " ").replace("'", "").split()


def looks_like_login(name: str) -> bool:
    """Is it no name of a person but a log-in, an address, a number or one letter?

    >>> [looks_like_login(text) for text in ("avries", "a@b.example", "1", "j.s", "X")]
    [True, True, True, True, True]
    >>> any(map(looks_like_login, ("Anna", "Anna de Vries", "IJsbrand", "de Vries")))
    False
    """
    if "@" in name or len(name) == 1 or not any(map(str.isalpha, name)):
        return True
    if " " in name:
        return False
    return name.islower() or any(each.isdigit() or each in "._\\" for each in name)
