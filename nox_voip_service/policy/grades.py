"""How strong an approval is, and which strength a plan asks for from which amount.

A customer approves a quote by the link in the mail, logged in, or logged in with a code
that was mailed to him; on top of the code the copy can be sealed. Staff record an
approval on paper or by mail with its proof, a grade of its own that is no weaker than
the proof. What was approved beforehand is approved by that agreement.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from .errors import InvalidPolicy

# Of a customer's own approval, the weakest first.
GRADES = ("link", "login", "code", "signed")
# Approved with a code, and we seal the copy of it afterwards.
SIGNED = "signed"
# Recorded by a coordinator, with the proof.
STAFF = "staff"
# Approved beforehand, inside a standing approval.
STANDING = "standing"


class Step(NamedTuple):
    """From this amount on (of the whole quote, with taxes) a grade is asked for."""

    amount: Decimal
    grade: str


def needed(steps: Iterable[Step], amount: Decimal) -> str:
    """The grade that an approval of this amount needs.

    >>> steps = [Step(Decimal(500), "code"), Step(Decimal(100), "login")]
    >>> [needed(steps, Decimal(each)) for each in ("99.99", "100", "500")]
    ['link', 'login', 'code']
    """
    reached = [GRADES.index(step.grade) for step in steps if step.amount <= amount]
    return GRADES[max(reached, default=0)]


def of_customer(wanted: str) -> str:
    """What the customer himself does for a grade: the seal is ours to add.

    >>> of_customer("signed"), of_customer("login")
    ('code', 'login')
    """
    return "code" if wanted == SIGNED else wanted


def is_sealed(used: str, wanted: str) -> bool:
    """Is the copy of this approval sealed? Where a seal is asked for and the customer
    approved himself; what staff recorded has its proof.

    >>> is_sealed("code", "signed"), is_sealed("code", "code"), is_sealed(STAFF, SIGNED)
    (True, False, False)
    """
    return wanted == SIGNED and used == of_customer(wanted)


def is_enough(used: str, wanted: str) -> bool:
    """Is an approval strong enough? One that staff recorded is: its proof is there;
    so is one inside what was agreed beforehand.

    >>> is_enough("login", "link"), is_enough("login", "code"), is_enough(STAFF, "code")
    (True, False, True)
    >>> is_enough("code", "signed")
    True
    """
    if used in (STAFF, STANDING):
        return True
    return GRADES.index(used) >= GRADES.index(of_customer(wanted))


def check_steps(steps: Sequence[Step]) -> None:
    """Refuse steps that do not rise: a larger amount never needs less, and a row that
    changes nothing misleads who reads it.

    >>> check_steps([Step(Decimal(100), "login"), Step(Decimal(500), "code")])
    >>> check_steps([Step(Decimal(100), "code"), Step(Decimal(500), "login")])
    Traceback (most recent call last):
        ...
    odoo.addons.nox_voip_service.policy.errors.InvalidPolicy: not_rising
    """
    ordered = sorted(steps)
    for step in ordered:
        if step.grade not in GRADES:
            raise InvalidPolicy("unknown_value", grade=step.grade)
        if step.amount < 0:
            raise InvalidPolicy("negative", amount=step.amount)
    for lower, higher in zip(ordered, ordered[1:]):
        rises = GRADES.index(lower.grade) < GRADES.index(higher.grade)
        if lower.amount == higher.amount or not rises:
            raise InvalidPolicy("not_rising")
