"""Several packs at once: what one says of another has to be there."""

import contextlib
import io
import json

from . import nox_verify
from .examples import changed, credit, goods, work


def asked(folder, *packs):
    paths = []
    for number, pack in enumerate(packs):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(pack))
        paths.append(str(path))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = nox_verify.main(paths)
    return code, out.getvalue()


def billed(quantity="3.00", amount="61.50", incl="74.42", vat="12.92"):
    """The invoice of which `credit()` gives back line 4."""
    line = (quantity, "20.50", "0", amount, incl)
    pack = goods([line], amount, vat, incl, number="INV/2026/00009")

    def fourth(invoice):
        invoice["lines"][0]["id"] = "line:4"

    return changed(pack, "invoice", fourth)


def test_a_credit_note_and_its_invoice(tmp_path):
    code, said = asked(tmp_path, billed(), credit("3.00", "61.50", "74.42", "12.92"))
    assert code == 0
    assert "1 lines, as that invoice has them" in said
    assert said.endswith("2 packs: 2 proven, 0 not, 0 not readable\n")


def test_a_credit_note_of_more_than_was_billed(tmp_path):
    """By itself it is proven: it says that 3 were billed. The invoice says 2."""
    note = credit("3.00", "61.50", "74.42", "12.92")
    code, said = asked(tmp_path, billed("2.00", "41.00", "49.61", "8.61"), note)
    assert code == 1
    assert "what line:4 billed: found 3.00, 61.50, expected 2.00, 41.00" in said


def test_a_credit_note_of_another_edition_of_the_invoice(tmp_path):
    def headed(head):
        return changed(
            credit("3.00", "61.50", "74.42", "12.92"),
            "invoice",
            lambda invoice: invoice["reverses"].update(head=head),
        )

    assert asked(tmp_path, billed(), headed(billed()["head"]))[0] == 0
    code, said = asked(tmp_path, billed(), headed("0" * 64))
    assert code == 1
    assert "the head: found 0000" in said


def test_one_number_and_two_invoices(tmp_path):
    one = work([20], 2, "41.00", "49.61", "8.61", 20)
    other = work([38], 3, "61.50", "74.42", "12.92", 38)
    assert asked(tmp_path, one, one)[0] == 0
    code, said = asked(tmp_path, one, other)
    assert code == 1
    assert "it is there twice" in said


def test_a_block_that_an_earlier_invoice_does_not_bill(tmp_path):
    """The second invoice says that the first billed 2 of the 3 blocks: it billed 1."""
    first = work([38], 1, "20.50", "24.81", "4.31", 38, waived=2)
    first = changed(first, "invoice", lambda each: each.update(number="INV/2026/00001"))
    before = {
        "document": "INV/2026/00001", "type": "invoice", "state": "posted",
        "date": "2026-03-01", "order": "quote:base", "blocks": 2, "rebill": None,
        "reverses": None, "line": None,
    }  # fmt: skip

    def second(ticket):
        ticket["billed"].insert(0, before)

    later = changed(work([38], 1, "20.50", "24.81", "4.31", 38), "ticket", second)
    _code, said = asked(tmp_path, first, later)
    assert "INV/2026/00001 bills other blocks of it than stand here." in said
