"""Lists that nobody handed us: the same users in any language, order and spelling."""

import csv
import io
import random

import pytest

from odoo.addons.nox_voip_service.policy.seat_compare import Known, compare, doubts
from odoo.addons.nox_voip_service.policy.seat_file import InvalidList, decode, parse
from odoo.addons.nox_voip_service.policy.seat_layout import look, without_secrets
from odoo.addons.nox_voip_service.policy.seat_list import read, too_wide

from .shipped_words import WORDS

PEOPLE = [
    ("Anna", "van 't", "Hoff-de Vries"),
    ("IJsbrand", "", "Çelik"),
    ("Zoë", "de", "Körner"),
    ("Sean", "", "O'Brien"),
    ("Jan", "van der", "Berg"),
    ("Marie", "", "Jansen"),
    ("Piet", "", "Bakker"),
]
LANGUAGES = {
    "nl": ("Toestelnummer", "Naam", "Voornaam", "Tussenvoegsel", "Achternaam"),
    "nl, intern": (
        "Intern nr.",
        "Medewerker",
        "Roepnaam",
        "Voorvoegsels",
        "Familienaam",
    ),
    "en": ("Extension", "Display Name", "First Name", "Middle name", "Last Name"),
    "en, joined": ("ext_number", "FULLNAME", "givenName", "infix", "SURNAME"),
    "de": ("Nebenstelle", "Anzeigename", "Vorname", "Namensvorsatz", "Nachname"),
    "fr": ("Numéro de poste", "Nom complet", "Prénom", "Particule", "Nom de famille"),
}
EXTRA = {
    "E-mail": "x{n}@bos.example",
    "Mobile Number": "06123456{n:02}",
    "Password": "Xk3aaaaaa{n}",
    "Afdeling": "Balie",
    "DID": "02012345{n:02}",
    "MAC address": "00156512AB{n:02}",
    "Site": "",
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")


def whole(person):
    return " ".join(filter(None, person))


def table(rng, language, people):
    """Heading and rows of these people, as some system could write them."""
    extension, name, first, infix, last = LANGUAGES[language]
    columns = {extension: [str(201 + n) for n in range(len(people))]}
    if rng.random() < 0.5:
        columns[name] = [whole(person) for person in people]
    else:
        for place, heading in enumerate((first, infix, last)):
            columns[heading] = [person[place] for person in people]
    for heading in rng.sample(sorted(EXTRA), rng.randrange(len(EXTRA))):
        columns[heading] = [EXTRA[heading].format(n=n) for n in range(len(people))]
    order = rng.sample(sorted(columns), len(columns))
    rows = [[columns[heading][n] for heading in order] for n in range(len(people))]
    return [[rng.choice((str, str.upper, str.lower))(h) for h in order], *rows]


def written(rng, rows):
    """The bytes of a CSV file with these rows."""
    stream = io.StringIO()
    quoting = rng.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL))
    delimiter = rng.choice(",;\t|")
    ending = rng.choice(("\n", "\r\n"))
    writer = csv.writer(
        stream, delimiter=delimiter, quoting=quoting, lineterminator=ending
    )
    for row in rows:
        writer.writerow(row)
    text = rng.choice(("", f"sep={delimiter}{ending}")) + stream.getvalue()
    text += rng.choice(("", ending * 3, (delimiter * (len(rows[0]) - 1) + ending) * 5))
    return text.encode(rng.choice(ENCODINGS))


def users(raw):
    rows = without_secrets(parse(decode(raw).text), WORDS)
    layout, start, is_guess = look(rows, WORDS)
    assert layout.is_complete and not is_guess
    assert not too_wide(rows, start)
    found = read(rows[start:], layout, WORDS)
    assert not found.refused and not found.left
    return found.users


@pytest.mark.parametrize("seed", range(120))
def test_the_same_users_in_any_shape(seed):
    rng = random.Random(seed)
    language = sorted(LANGUAGES)[seed % len(LANGUAGES)]
    people = rng.sample(PEOPLE, rng.randrange(2, len(PEOPLE) + 1))
    rows = table(rng, language, people)
    found = users(written(rng, rows))
    expected = [(str(201 + n), whole(person)) for n, person in enumerate(people)]
    assert [(user.extension, user.name) for user in found] == expected
    assert not any(user.unsure for user in found)
    known = [Known(n, *each) for n, each in enumerate(expected)]
    findings = compare(found, known)
    assert {each.kind for each in findings} == {"same"}
    assert not doubts(findings, known)


@pytest.mark.parametrize("seed", range(40))
def test_a_wrong_column_chooses_nothing(seed):
    """Whatever other column is taken for extension or name, nobody is chosen."""
    rng = random.Random(seed)
    known = [Known(n, str(201 + n), whole(p)) for n, p in enumerate(PEOPLE)]
    wrong_extension = rng.choice(("02012345{n:02}", "06123456{n:02}", "{n}", "9{n:02}"))
    wrong_name = rng.choice(("x{n}@bos.example", "user{n}", "{n}", "jbakker", None))
    rows = [
        (
            n + 2,
            [
                wrong_extension.format(n=n + 1),
                whole(p) if wrong_name is None else wrong_name.format(n=n),
            ],
        )
        for n, p in enumerate(PEOPLE)
    ]
    layout, _start, _guess = look([(1, ["Toestel", "Naam"]), *rows], WORDS)
    found = read(rows, layout, WORDS)
    findings = compare(found.users, known)
    is_grave = any(each.is_grave for each in doubts(findings, known))
    assert not [each for each in findings if each.is_certain and not is_grave]


def test_ten_thousand_rows():
    lines = [
        f"{n};Person {chr(65 + n % 26)}x{'abc'[n % 3]} Nr{n}"
        for n in range(10_000, 20_000)
    ]
    found = read(parse("\n".join(lines)), look(parse(lines[0]), WORDS).layout, WORDS)
    known = [Known(user.row, user.extension, user.name) for user in found.users]
    assert len(known) == len(lines)
    assert {each.kind for each in compare(found.users, known)} == {"same"}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('201;"Anna\n202;Bram\n203;Carla', 1),
        ('201;"Anna\n202;Bram"\n203;Carla', 1),
        ('201;Anna;"note\n202;Bram;x"\n203;Carla;y', 1),
        ('"201;Anna\n202;Bram\n', 1),
        ('Toestel;Naam\n201;"Anna" de Vries\n', 2),
        ('sep=;\n\n201;Anna\n202;"Bram\n203;Carla"\n', 4),
        # As many cells as a row has, or a number in front.
        ('Anna;"201\nBram;202"', 1),
        ('Anna;201;"note\nBram;202;x"', 1),
        ('201;Anna;;"note\n 12 ;x"', 1),
    ],
)
def test_a_quotation_mark_swallows_nobody(text, row):
    with pytest.raises(InvalidList) as refusal:
        parse(text)
    assert (refusal.value.code, refusal.value.params) == ("quote", {"row": row})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('201;Jan "Sjon" Bos', [(1, ["201", 'Jan "Sjon" Bos'])]),
        ('201;"Jan ""Sjon"" Bos"', [(1, ["201", 'Jan "Sjon" Bos'])]),
        (
            '201;Anna;"Street 1\nTown"\n202;B;',
            [(1, ["201", "Anna", "Street 1\nTown"]), (3, ["202", "B", ""])],
        ),
        ('201;A;"Street\nTown; back"', [(1, ["201", "A", "Street\nTown; back"])]),
        ('201;"Jan 12;x";y', [(1, ["201", "Jan 12;x", "y"])]),
        ('"sep=;"\n201;A', [(2, ["201", "A"])]),
        ('#TYPE X\n\n"Ext","Name"\n"1","A"', [(3, ["Ext", "Name"]), (4, ["1", "A"])]),
    ],
)
def test_what_stands_in_quotation_marks(text, expected):
    assert parse(text) == expected


@pytest.mark.parametrize("written_as", ["0201", "'0201", '="0201"', " 0201 "])
def test_an_extension_that_keeps_its_zero(written_as):
    for text in (f"{written_as};Anna Bos", f"Toestel;Naam\n{written_as};Anna Bos"):
        (user,) = users(text.encode())
        assert (user.extension, user.name) == ("0201", "Anna Bos")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (("enabled", "false"), "off"),
        (("Actief", "Nee"), "off"),
        (("Account Enabled", "FALSE"), "off"),
        (("Status", "Suspended"), "off"),
        (("Statut", "Désactivé"), "off"),
        (("Geblokkeerd", "Ja"), "off"),
        (("Deleted", "1"), "off"),
        (("Status", "Deleted"), "deleted"),
        (("Actie", "verwijderen"), "deleted"),
        (("Type", "Call Queue"), "device"),
        (("Soort", "SIP-toestel"), "device"),
        (("Typ", "Gerät"), "device"),
        (("User type", "Resource Account"), "device"),
        (("enabled", "true"), None),
        (("Status", "Online"), None),
        (("Geblokkeerd", "Nee"), None),
        (("Type", "User"), None),
        (("Type", ""), None),
    ],
)
def test_a_row_that_is_no_user(values, reason):
    heading, value = values
    rows = [(1, ["Ext", "Name", heading]), (2, ["201", "Anna Bos", value])]
    layout, start, _guess = look(rows, WORDS)
    found = read(rows[start:], layout, WORDS)
    assert (found.left[0].reason if found.left else None) == reason
    assert bool(found.users) is (reason is None)


@pytest.mark.parametrize(
    ("name", "unsure"),
    [
        ("Fax", "device"),
        ("Vergaderzaal 1", "device"),
        ("Deurtelefoon achter", "device"),
        ("Anna webphone", "device"),
        ("avries", "login"),
        ("AndrÃ© Bos", "odd"),
        ("Anna de Vries", ""),
        ("Lijnders", ""),
        ("J. Test-Bos", "device"),
    ],
)
def test_a_name_that_a_person_should_look_at(name, unsure):
    found = read([(1, ["201", name])], look([(1, ["201", name])], WORDS).layout, WORDS)
    assert found.users[0].unsure == unsure
