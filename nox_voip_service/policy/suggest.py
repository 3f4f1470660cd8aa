"""Which kinds of change a message is probably about, likely ones first.

Words of the message are compared with the names and examples of the kinds. A word
that several kinds share tells less; what this customer asked for before decides
between equals. The same message always gives the same order.

>>> kinds = [
...     Kind("menu", ("Menus", "Keuzemenu"), ("Change a choice, add an option",)),
...     Kind("group", ("Call groups", "Belgroepen"), ("Add someone to a group",)),
... ]
>>> ranking("Can you add Piet to our call group?", kinds, {})
['group', 'menu']
>>> ranking("Hello", kinds, {"menu": 2})
['menu']
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

NAME_POINTS, EXAMPLE_POINTS = 6, 2
# Words that are part of another count from this length on: menu in keuzemenu.
PART_LENGTH = 4
# Words that say nothing about the kind of work, Dutch and English.
EMPTY = frozenset(
    "aan about als and another are bij can change could dan dat deze die door een en"
    " from graag hallo have heb hebben hello het hoe into is kan kunnen met mijn naar"
    " nieuw nieuwe niet not onze ons ook other our please someone that the their"
    " them then there this uit van via voor want wat when wij will wil willen with you"
    " your zijn zou".split()
)


class Kind(NamedTuple):
    """A kind of change: the caller's key, its names and examples in any languages."""

    key: Hashable
    names: tuple[str, ...]
    examples: tuple[str, ...] = ()


def words(text: str) -> set[str]:
    """The telling words of a text, without capitals and accents.

    >>> sorted(words("Het Ménu van de centrale, a.u.b."))
    ['centrale', 'menu']
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return {
        word
        for word in re.findall(r"[^\W_]+", plain)
        if len(word) > 2 and word not in EMPTY
    }


def ranking(
    text: str, kinds: Iterable[Kind], history: Mapping[Hashable, int], limit: int = 3
) -> list[Hashable]:
    """Keys of the likeliest kinds, at most `limit`, none that nothing speaks for.

    :param kinds: in the order of the catalogue, which decides last
    :param history: how often this customer asked for a kind before
    """
    asked = words(text)
    vocabularies = [(kind.key, _vocabulary(kind)) for kind in kinds]
    known = Counter(word for _key, vocabulary in vocabularies for word in vocabulary)
    # A word that is known as it stands is no part of another: mail in voicemail.
    exact, parts = asked & known.keys(), asked - known.keys()
    scored = []
    for index, (key, vocabulary) in enumerate(vocabularies):
        score = sum(
            max(points // known[word], 1)
            for word, points in vocabulary.items()
            if word in exact or any(_same(word, each) for each in parts)
        )
        before = history.get(key, 0)
        if score or before:
            scored.append((-score, -before, index, key))
    return [key for *_rank, key in sorted(scored, key=lambda each: each[:3])][:limit]


def _vocabulary(kind: Kind) -> dict[str, int]:
    """``{word: points}`` of a kind; a word of its name counts as that."""
    found = {}
    for texts, points in (
        (kind.examples, EXAMPLE_POINTS),
        (kind.names, NAME_POINTS),
    ):
        for text in texts:
            found.update(dict.fromkeys(words(text), points))
    return found


def _same(word: str, other: str) -> bool:
    """Are these forms of one word, or is one a part of the other?

    >>> _same("groups", "group"), _same("menu", "keuzemenu"), _same("key", "keynote")
    (True, True, False)
    """
    short, long = sorted((word, other), key=len)
    return len(short) >= PART_LENGTH and short in long
