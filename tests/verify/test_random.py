"""Customers by chance are proven: whatever happens to them within the terms."""

import random

from hypothesis import given, strategies as st

from . import THOROUGH
from .asking import against, remarks
from .properties import examples
from .stories import Story


def test_seeded_customers():
    seen = set()
    for seed in range(5000 if THOROUGH else 150):
        story = Story(random.Random(seed))
        pack = story.pack()
        assert against(pack) == [], seed
        seen |= {line["source"] for line in story.lines}
        seen |= {story.currency, f"included {story.included}", f"early {story.early}"}
        invoice = pack["parts"][0]["content"]
        seen.add(invoice["company"]["tax_rounding"])
        for part in pack["parts"]:
            seen |= set(happened(part["kind"], part["content"]))
    # chance reached all of it
    assert seen >= {
        *("users", "rounding", "work", "goods", "training", "EUR", "JPY", "KWD"),
        *("included True", "included False", "early True"),
        *("round_globally", "round_per_line", "replaced", "revision", "two periods"),
        *("first_day", "split", "override", "waived", "billed before", "approved"),
        *("held", "grace", "fixed", "day", "entry"),
    }


def happened(kind, content):
    if kind == "charge":
        yield "revision" if content["revision"] else ""
        yield "two periods" if len(content["periods"]) > 1 else ""
        yield content["periods"][0]["policy"]
        yield from ("replaced" for seat in content["seats"] if seat["replaces"])
    elif kind == "ticket":
        yield "split" if content["family"] else ""
        yield "override" if content["overrides"] else ""
        yield "waived" if content["waivers"] else ""
        yield "held" if content["held_minutes"] else ""
        yield "approved" if content["approved_blocks"] else ""
        yield "billed before" if len(content["billed"]) > len(content["quotes"]) else ""
    elif kind == "plan":
        yield "grace" if content["grace_minutes"] else ""
        yield from (content["quote_billing"], content["rounding_scope"])


@examples
@given(st.randoms(use_true_random=False))
def test_any_customer(rnd):
    pack = Story(rnd).pack()
    assert against(pack) == []
    assert against(pack, "nl", pack["head"]) == []
    assert not [each for each in remarks(pack) if "to be billed yet" in each]
