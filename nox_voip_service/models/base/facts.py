"""The facts of a request as Odoo keeps and words them.

What a fact can be is in ``policy/facts.py``; here is the rest of it: its columns, its
labels, the question to a customer. Whoever needs a fact loops over ``FACTS``: the
columns of a row of a table, the request of a ticket, what a kind of change tells, the
form of the portal, what customers may read. How a fact is added: docs/add-a-fact.md.
"""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

YES_NO = [("yes", "Yes"), ("no", "No")]
CHANGE_SCOPES = [
    ("adjustment", "Adjustment"),
    ("user_addition", "User"),
    ("number_addition", "New number"),
    ("hardware", "Programming hardware"),
    ("fault", "Fault"),
    ("question", "Question"),
    ("other", "Other"),
]
WORK_LOCATIONS = [("remote", "Remote"), ("on_site", "On site")]
FAULT_DOMAINS = [
    ("own", "Our platform"),
    ("customer", "The customer's network or equipment"),
    ("third_party", "Another supplier"),
]


class Fact(NamedTuple):
    """A fact of the policy in Odoo.

    :param field: the column of a ticket, and of a row of a table (which is made from
        this entry)
    :param label: of the row's column
    :param selection: ``[(key, label)]``; "yes" and "no" are True and False to the
        policy, any other key is the same there
    :param words: ``{value: text}`` as a customer says it, by the policy's values
    :param default: column of a kind of change; None when no kind tells it
    :param usual: what a kind tells is only what is usual: the customer is asked all
        the same, and a kind that tells nothing leaves the ticket as it is
    :param question: what the portal asks; None when a customer cannot know it
    :param wider: ``[(key, label)]`` of the wider conditions of a row
    """

    field: str
    label: str
    selection: list
    words: dict
    default: str | None = None
    usual: bool = False
    question: object = None
    wider: tuple = ()


# By the names of the policy, in the order in which a customer is asked.
FACTS = {
    "scope": Fact(
        field="change_scope",
        label="Kind of work",
        selection=CHANGE_SCOPES,
        words={
            "adjustment": _lt("A change"),
            "user_addition": _lt("A user"),
            "number_addition": _lt("A new number"),
            "hardware": _lt("Programming of a device"),
            "fault": _lt("A fault"),
            "question": _lt("A question"),
            "other": _lt("Other work"),
            None: _lt("Any request"),
        },
        default="change_scope",
    ),
    "location": Fact(
        field="work_location",
        label="Where",
        selection=WORK_LOCATIONS,
        words={"remote": _lt("remotely"), "on_site": _lt("at your place")},
        default="default_work_location",
        usual=True,
        question=_lt("Where should we do the work?"),
    ),
    "replaces_user": Fact(
        field="replaces_user",
        label="Replaces a user",
        selection=YES_NO,
        words={True: _lt("who replaces somebody"), False: _lt("who replaces nobody")},
        default="default_replaces_user",
        question=_lt("Does the new user replace somebody who leaves?"),
    ),
    "warranty": Fact(
        field="warranty",
        label="Warranty",
        selection=YES_NO,
        words={True: _lt("under warranty"), False: _lt("without warranty")},
        default="default_warranty",
        question=_lt("Is it a replacement under warranty?"),
    ),
    # Where the cause of a fault lies is for the technician to find out.
    "fault_domain": Fact(
        field="fault_domain",
        label="Cause",
        selection=FAULT_DOMAINS,
        words={
            "own": _lt("caused by our platform"),
            "customer": _lt("caused by your network or equipment"),
            "third_party": _lt("caused by another supplier"),
        },
        wider=(("outside", "Anywhere outside our platform"),),
    ),
}
# The kind of work is the category's: a ticket has a column for every other fact.
TICKET_FACTS = {name: fact for name, fact in FACTS.items() if name != "scope"}
FACT_FIELDS = [fact.field for fact in FACTS.values()]
TICKET_FIELDS = [fact.field for fact in TICKET_FACTS.values()]
# What a customer can know, in order of asking.
ASKABLE = tuple(name for name, fact in FACTS.items() if fact.question is not None)


def policy_value(stored):
    """A stored selection as the policy has it: "yes" is True, empty is None."""
    return {"yes": True, "no": False}.get(stored, stored or None)


def stored_value(value):
    """A fact of the policy as a selection: True is "yes", unknown is False."""
    return {True: "yes", False: "no"}.get(value, value or False)
