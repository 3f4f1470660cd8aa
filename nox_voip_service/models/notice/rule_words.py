"""What changes between two editions of a plan's rules, old beside new, in words."""

from ...policy import replay
from ..plan.nox_plan_edition import table_of


def changed_rules(env, old, new):
    """``[{"what", "old", "new"}]`` in the language of the environment; empty where a
    customer reads no difference.

    :param old, new: contents of editions (`nox.plan.edition`)
    """
    return [*_counted_otherwise(env, old, new), *_decided_otherwise(env, old, new)]


def _counted_words(env):
    """How a plan counts, as far as a customer pays by it; a warning to technicians is
    ours."""
    return {
        "block_minutes": env._("Minutes in a block"),
        "grace_minutes": env._("Minutes above a block that do not start another one"),
        "rounding_scope": env._("What is rounded up to blocks"),
        "quote_threshold_minutes": env._(
            "Minutes above which we ask for your approval"
        ),
        "quote_billing": env._("How an approved quote is billed"),
        "seat_policy": env._("How the users of a month are counted"),
        "requires_certified_admin": env._("Needs a trained administrator"),
    }


def _counted_otherwise(env, old, new):
    """ "Minutes in a block: 15, 10"."""
    plan = env["nox.service.plan"]
    return [
        {
            "what": words,
            "old": _value_text(plan, name, old[name]),
            "new": _value_text(plan, name, new[name]),
        }
        for name, words in _counted_words(env).items()
        if old[name] != new[name]
    ]


def _value_text(plan, name, value):
    field, env = plan._fields[name], plan.env
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value) or env._("none")
    if field.type == "boolean":
        return env._("Yes") if value else env._("No")
    return env._("none") if value is None else str(value)


def _decided_otherwise(env, old, new):
    """What the new table decides otherwise, or for another reason."""
    old_rows = {int(row["key"]): row for row in old["rows"]}
    new_rows = {int(row["key"]): row for row in new["rows"]}
    told = {_reason(env, row) for row in old["rows"]}
    found = []
    for each in replay.decided_otherwise(table_of(old["rows"]), table_of(new["rows"])):
        before, after = old_rows.get(each.old), new_rows.get(each.new)
        if each.old_outcome == each.new_outcome and (
            after is None or _reason(env, after) in told
        ):
            continue
        words = {
            "what": env["nox.coverage.rule"]._describe_request(each.facts),
            "old": _answer(env, each.old_outcome, before),
            "new": _answer(env, each.new_outcome, after),
        }
        if words not in found:
            found.append(words)
    return found


def _answer(env, outcome, row):
    """ "Included: a change of what you have, from a distance."."""
    words = {
        "covered": env._("Included"),
        "billable": env._("Billed by the time worked"),
        "undecided": env._("We look at it first"),
    }[outcome]
    return f"{words}: {_reason(env, row)}" if row else words


def _reason(env, row):
    """In the language of the environment, or else in English."""
    texts = row["reason"]
    return texts.get(env.lang) or texts.get("en_US") or ""
