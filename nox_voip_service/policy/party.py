"""The address of a Dutch company or public body in an electronic invoice."""

# Length of a number in the trade register and of an OIN: the scheme of each.
SCHEMES = {8: "0106", 20: "0190"}


def dutch_address(registry: str | None) -> tuple[str, str] | None:
    """``(scheme, number)`` of a registration: 8 digits are a number of the trade
    register (KvK), 20 digits that of a public body (OIN). None: it is neither.

    >>> dutch_address("12345678"), dutch_address("0000 0001 2345 6789 0000")
    (('0106', '12345678'), ('0190', '00000001234567890000'))
    >>> dutch_address("NL123456782B90"), dutch_address(None)
    (None, None)
    """
    number = "".join((registry or "").split())
    scheme = SCHEMES.get(len(number))
    if scheme is None or not (number.isascii() and number.isdigit()):
        return None
    return scheme, number
