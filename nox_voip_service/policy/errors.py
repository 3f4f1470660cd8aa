"""What the policy refuses: codes and figures, never sentences.

Models turn a code into a sentence in the user's language; nothing in here is
shown to anybody.
"""


class PolicyError(ValueError):
    """A value that no rule of the service can work with.

    :param code: what is wrong, a word that models translate
    :param params: the figures that the sentence needs

    >>> error = PolicyError("too_long", limit=1440)
    >>> error.code, error.params["limit"], str(error)
    ('too_long', 1440, 'too_long limit=1440')
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(" ".join([code, *(f"{k}={v!r}" for k, v in params.items())]))


class InvalidDuration(PolicyError):
    """A time that cannot have been worked: ``not_a_number``, ``not_positive`` or
    ``over_a_day``."""


class InvalidPolicy(PolicyError):
    """A setting of a plan that makes no sense: ``unknown_value``,
    ``not_positive``, ``negative`` or ``grace_too_long``."""


class InvalidFact(PolicyError):
    """A fact or a condition outside the known values: ``unknown_value``."""


class InvalidPeriod(PolicyError):
    """Dates that do not follow each other: ``end_before_start``, ``overlap`` or
    ``not_in_order``."""
