"""One person, written in two ways."""

import pytest

from odoo.addons.nox_voip_service.policy.names import alike, looks_like_login, name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna van 't Hoff-de Vries", "ANNA  VAN 'T HOFF - DE VRIES"),
        ("Anna van 't Hoff", "Anna van ’t Hoff"),
        ("Carla 't Hart", "Carla ' t Hart"),
        ("IJsbrand Bos", "Ĳsbrand Bos"),
        ("IJsbrand Bos", "Ijsbrand bos"),
        ("Çelik", "C\u0327elik"),
        ("O'Brien", "O`Brien"),
        ("Anna de Vries", "Vries, Anna de"),
        ("Anna de Vries", "de Vries, Anna"),
        ("Anna\u00a0Bos", "Anna Bos"),
        ("Anna Hoff–de Vries", "Anna Hoff-de Vries"),
    ],
)
def test_the_same_name(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("A. van 't Hoff", "Anna van 't Hoff-de Vries", True),
        ("A van t Hoff", "Anna van 't Hoff", True),
        ("Celik", "Çelik", True),
        ("OBrien", "O'Brien", True),
        ("IJsbrand", "Ysbrand", True),
        ("Jan Jansen", "Jan Janssen", True),
        ("Karla Bos", "Carla Bos", True),
        ("M. Jansen", "Marie Jansen", True),
        ("Jan de Boer", "Jan den Boer", True),
        # An initial stands for one name of the other.
        ("A. A. Bos", "Anna Bos", True),
        ("A. A. Bos", "Anna Bert Bos", False),
        ("Anna de Vries", "Bert de Vries", False),
        ("A. de Vries", "Bert de Vries", False),
        ("Jan Jansen", "Kees Jansen", False),
        ("Anna de Vries", "Anna Mulder", False),
        # Three letters of four are alike, two of three are not.
        ("Anna Bos", "Anne Bos", True),
        ("Jan Bos", "Jon Bos", False),
        ("Karla Boss", "Carla Bos", True),
    ],
)
def test_names_of_one_person(one, other, expected):
    assert alike(one, other) is expected
    assert alike(other, one) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("201@bakkerij.voip.example", True),
        ("r201", True),
        ("1", True),
        ("avries", True),
        ("a.vries", True),
        ("BAKKERIJ\\avries", True),
        ("Anna@bakkerij", True),
        ("Xander", False),
        ("X", True),
        ("Anna", False),
        ("ANNA", False),
        ("IJsbrand Çelik", False),
        ("山田", False),
    ],
)
def test_log_ins_are_no_names(text, expected):
    assert looks_like_login(text) is expected
