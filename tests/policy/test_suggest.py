"""Likely kinds of change first, always in the same order."""

import pytest

from odoo.addons.nox_voip_service.policy.suggest import Kind, ranking, words

KINDS = [
    Kind("menu", ("Menus", "Keuzemenu's"), ("Other opening hours in the menu",)),
    Kind("night", ("Day and night mode",), ("Opening hours, holidays",)),
    Kind("voicemail", ("Voicemail to e-mail",), ("Send messages to an address",)),
    Kind("greeting", ("Announcement: voicemail",), ("Another voicemail greeting",)),
    Kind("group", ("Call groups", "Belgroepen"), ("Add someone to a call group",)),
    Kind("key", ("Pick-up keys",)),
]


@pytest.mark.parametrize(
    ("text", "history", "found"),
    [
        ("", {}, []),
        ("Good morning, thank you", {}, []),
        ("Please add Jan to the call group", {}, ["group"]),
        # Another language, another form, a compound.
        ("Graag Jan toevoegen aan de belgroep", {}, ["group"]),
        ("Het keuzemenu klopt niet", {}, ["menu"]),
        ("MENÚ", {}, ["menu"]),
        ("Het hoofdmenu klopt niet", {}, ["menu"]),
        # A name tells more than an example; a shared word tells less.
        ("holidays in the menu", {}, ["menu", "night"]),
        ("voicemail to another e-mail address", {}, ["voicemail", "greeting"]),
        ("another voicemail greeting", {}, ["greeting", "voicemail"]),
        ("opening hours", {}, ["menu", "night"]),
        # History decides between equals, and where the text says nothing.
        ("opening hours", {"night": 1}, ["night", "menu"]),
        ("opening hours", {"group": 9}, ["menu", "night", "group"]),
        ("thanks", {"key": 1, "group": 2, "gone": 5}, ["group", "key"]),
        # Short words are no part of longer ones.
        ("keynote", {}, []),
        ("keys", {}, ["key"]),
    ],
)
def test_ranking(text, history, found):
    assert ranking(text, KINDS, history) == found


def test_no_more_than_asked_for():
    text = "menu, night mode, voicemail, call group, keys"
    assert len(ranking(text, KINDS, {})) == 3
    assert len(ranking(text, KINDS, {}, limit=5)) == 5
    assert ranking(text, [], {"menu": 1}) == []


def test_order_is_the_same_whatever_the_order_of_words():
    assert ranking("menu night", KINDS, {}) == ranking("night menu", KINDS, {})


def test_words():
    assert words("De Café-lijn, 06-123 en_of x") == {"cafe", "lijn", "123"}


@pytest.mark.parametrize(
    ("named", "exemplified", "found"),
    [
        # Points of a shared word are divided, in whole points, and never nothing.
        (1, 1, ["named", "example"]),
        (3, 3, ["named", "example"]),
        (4, 2, ["example", "named"]),
        (9, 9, ["example", "named"]),
    ],
)
def test_points_of_a_word_that_several_kinds_share(named, exemplified, found):
    kinds = [
        Kind("example", ("First",), ("holidays",)),
        Kind("named", ("Voicemail",)),
        *(Kind(n, ("Voicemail",)) for n in range(named - 1)),
        *(Kind(-n, ("Last",), ("holidays",)) for n in range(1, exemplified)),
    ]
    order = ranking("voicemail in the holidays", kinds, {}, limit=99)
    assert [key for key in order if isinstance(key, str)] == found
