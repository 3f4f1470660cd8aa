"""Rules on amounts, VAT and references that an electronic invoice has to keep, from the
public lists EN 16931 (BR-…, UBL-SR-…), Peppol BIS Billing 3 (R…) and its Dutch part
(NL-R-…), in Decimals. Where the lists allow a unit, these allow a cent.

Plain Python: it reads a file and nothing of ours.
"""

from decimal import ROUND_HALF_UP, Decimal

UBL = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
CENT = Decimal("0.01")
# Categories of VAT without a rate, by the letters that their rules are named with.
UNTAXED = {"E": "E", "AE": "AE", "Z": "Z", "G": "G", "K": "IC", "O": "O"}
WITHOUT_REASON = ("S", "Z")


def broken(tree):
    """Names of the rules that a document breaks, each once.

    :param tree: root of an Invoice or a CreditNote
    """
    names = []
    for part in (_parties, _references, _lines, _allowances, _totals, _vat, _decimals):
        names += [name for name, holds in part(tree) if not holds]
    return sorted(set(names))


def lines_of(tree):
    return tree.findall("cac:InvoiceLine", UBL) + tree.findall(
        "cac:CreditNoteLine", UBL
    )


def _text(node, path):
    return (node.findtext(path, namespaces=UBL) or "").strip()


def _number(node, path, default="0"):
    return Decimal(_text(node, path) or default)


def _sum(node, path):
    return sum((Decimal(each.text) for each in node.iterfind(path, UBL)), Decimal(0))


def _signed(node, path="cac:AllowanceCharge"):
    """``(sign, node)`` of allowances and charges: a charge adds."""
    for each in node.iterfind(path, UBL):
        yield (1 if _text(each, "cbc:ChargeIndicator") == "true" else -1), each


def _vat_number(party):
    """The VAT number of a party, in the scheme of VAT."""
    for scheme in party.iterfind("cac:PartyTaxScheme", UBL):
        if _text(scheme, "cac:TaxScheme/cbc:ID") == "VAT":
            return _text(scheme, "cbc:CompanyID")
    return ""


def _party(tree, role):
    return tree.find(f"cac:Accounting{role}Party/cac:Party", UBL)


# ----------------------------------------------------------------------
# WHO, AND ABOUT WHAT
# ----------------------------------------------------------------------


def _parties(tree):
    for role, address, scheme, country in (
        ("Supplier", "R020", "BR-62", "BR-09"),
        ("Customer", "R010", "BR-63", "BR-11"),
    ):
        party = _party(tree, role)
        endpoint = party.find("cbc:EndpointID", UBL)
        yield address, endpoint is not None
        yield scheme, endpoint is None or endpoint.get("schemeID")
        yield (
            country,
            _text(party, "cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
        )
        for each in party.iterfind("cac:PartyTaxScheme", UBL):
            yield "UBL-SR-53", _text(each, "cbc:CompanyID")
        number = _vat_number(party)
        yield "BR-CO-09", not number or number[:2].isalpha()
    seller = _party(tree, "Supplier")
    yield (
        "BR-CO-26",
        _vat_number(seller)
        or _text(seller, "cac:PartyLegalEntity/cbc:CompanyID")
        or _text(seller, "cac:PartyIdentification/cbc:ID"),
    )


def _references(tree):
    yield "BR-02", _text(tree, "cbc:ID")
    yield "BR-03", _text(tree, "cbc:IssueDate")
    reference = _text(tree, "cbc:BuyerReference") or _text(
        tree, "cac:OrderReference/cbc:ID"
    )
    yield "R003", reference
    credited = _text(tree, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
    yield "NL-R-001", credited or not tree.tag.endswith("CreditNote")
    payable = _number(tree, "cac:LegalMonetaryTotal/cbc:PayableAmount")
    due = _text(tree, "cbc:DueDate") or _text(tree, "cac:PaymentTerms/cbc:Note")
    yield "BR-CO-25", due or payable <= 0 or tree.tag.endswith("CreditNote")
    means = tree.find("cac:PaymentMeans/cbc:PaymentMeansCode", UBL)
    yield "NL-R-007", means is not None
    yield "R008", all(len(each) or (each.text or "").strip() for each in tree.iter("*"))


# ----------------------------------------------------------------------
# AMOUNTS
# ----------------------------------------------------------------------


def _lines(tree):
    lines = lines_of(tree)
    yield "BR-16", lines
    for line in lines:
        quantity = line.find("cbc:InvoicedQuantity", UBL)
        if quantity is None:
            quantity = line.find("cbc:CreditedQuantity", UBL)
        yield "BR-22", quantity is not None
        yield "BR-23", quantity is None or quantity.get("unitCode")
        yield "BR-24", _text(line, "cbc:LineExtensionAmount")
        yield "BR-25", _text(line, "cac:Item/cbc:Name")
        taxes = line.findall("cac:Item/cac:ClassifiedTaxCategory", UBL)
        yield "BR-CO-04", len(taxes) == 1
        price = line.find("cac:Price", UBL)
        yield "BR-26", price is not None and _text(price, "cbc:PriceAmount")
        if price is None or quantity is None:
            continue
        amount = _number(price, "cbc:PriceAmount")
        yield "BR-27", amount >= 0
        base = price.find("cbc:BaseQuantity", UBL)
        of = Decimal(1) if base is None else Decimal(base.text)
        yield "R121", of > 0
        if base is not None:
            yield "R130", base.get("unitCode") in (None, quantity.get("unitCode"))
        net = Decimal(quantity.text) * amount / (of or 1)
        net += sum(sign * _number(each, "cbc:Amount") for sign, each in _signed(line))
        yield "R120", abs(net - _number(line, "cbc:LineExtensionAmount")) <= 2 * CENT
        for each in price.iterfind("cac:AllowanceCharge", UBL):
            less = _number(each, "cbc:Amount")
            yield "R046", amount == _number(each, "cbc:BaseAmount") - less


def _allowances(tree):
    """Discounts and charges, of lines and of the whole."""
    for whole, nodes in ((False, lines_of(tree)), (True, [tree])):
        for sign, each in (found for node in nodes for found in _signed(node)):
            for name, path in (("amount", "cbc:Amount"), ("reason", None)):
                filled = (
                    _text(each, path)
                    if path
                    else _text(each, "cbc:AllowanceChargeReason")
                    or _text(each, "cbc:AllowanceChargeReasonCode")
                )
                rule = {
                    (False, -1): {"amount": "BR-41", "reason": "BR-42"},
                    (False, 1): {"amount": "BR-43", "reason": "BR-44"},
                    (True, -1): {"amount": "BR-31", "reason": "BR-33"},
                    (True, 1): {"amount": "BR-36", "reason": "BR-38"},
                }[whole, sign][name]
                yield rule, filled
            base = _text(each, "cbc:BaseAmount")
            percent = _text(each, "cbc:MultiplierFactorNumeric")
            yield "R041", base or not percent
            yield "R042", percent or not base
            if base and percent:
                share = Decimal(base) * Decimal(percent) / 100
                yield "R040", abs(share - _number(each, "cbc:Amount")) <= 2 * CENT


def _totals(tree):
    total = tree.find("cac:LegalMonetaryTotal", UBL)
    net = _number(total, "cbc:LineExtensionAmount")
    untaxed = _number(total, "cbc:TaxExclusiveAmount")
    taxed = _number(total, "cbc:TaxInclusiveAmount")
    yield (
        "BR-CO-10",
        net == sum(_number(x, "cbc:LineExtensionAmount") for x in lines_of(tree)),
    )
    less, more = (
        sum(
            (_number(x, "cbc:Amount") for s, x in _signed(tree) if s == sign),
            Decimal(0),
        )
        for sign in (-1, 1)
    )
    yield "BR-CO-11", _number(total, "cbc:AllowanceTotalAmount") == less
    yield "BR-CO-12", _number(total, "cbc:ChargeTotalAmount") == more
    yield "BR-CO-13", untaxed == net - less + more
    tax = [
        each
        for each in tree.iterfind("cac:TaxTotal", UBL)
        if each.find("cac:TaxSubtotal", UBL) is not None
    ]
    yield "R053", len(tax) == 1
    vat = sum(_number(each, "cbc:TaxAmount") for each in tax)
    yield "BR-CO-14", vat == sum(_sum(x, "cac:TaxSubtotal/cbc:TaxAmount") for x in tax)
    yield "BR-CO-15", taxed == untaxed + vat
    left = taxed - _number(total, "cbc:PrepaidAmount")
    left += _number(total, "cbc:PayableRoundingAmount")
    yield "BR-CO-16", _number(total, "cbc:PayableAmount") == left


def _decimals(tree):
    """Amounts have two decimals at most; the price of one may have more."""
    for each in tree.iter("*"):
        name = each.tag.rpartition("}")[2]
        priced = each.getparent() is not None and (
            name == "PriceAmount"
            or any(up.tag.endswith("}Price") for up in each.iterancestors())
        )
        if name.endswith("Amount") and not priced:
            yield "BR-DEC", len(each.text.partition(".")[2]) <= 2


# ----------------------------------------------------------------------
# VAT
# ----------------------------------------------------------------------


def _vat(tree):
    """Breakdown by category and rate, against the lines."""
    due = {}
    for line in lines_of(tree):
        for tax in line.iterfind("cac:Item/cac:ClassifiedTaxCategory", UBL):
            key = _text(tax, "cbc:ID"), _number(tax, "cbc:Percent")
            due[key] = due.get(key, 0) + _number(line, "cbc:LineExtensionAmount")
    for sign, each in _signed(tree):
        for tax in each.iterfind("cac:TaxCategory", UBL):
            key = _text(tax, "cbc:ID"), _number(tax, "cbc:Percent")
            due[key] = due.get(key, 0) + sign * _number(each, "cbc:Amount")
    found = [
        (_text(each, "cac:TaxCategory/cbc:ID"), each)
        for each in tree.iterfind("cac:TaxTotal/cac:TaxSubtotal", UBL)
    ]
    yield "BR-CO-18", found
    said = [
        (code, _number(each, "cac:TaxCategory/cbc:Percent")) for code, each in found
    ]
    for key in due:
        rule = _letters(key[0])
        yield f"BR-{rule}-01", said.count(key) == 1
        yield f"BR-{rule}-05", key[1] > 0 if key[0] == "S" else not key[1]
        yield from _who_is_taxed(tree, key[0])
    for (code, each), key in zip(found, said, strict=True):
        rule = _letters(code)
        base = _number(each, "cbc:TaxableAmount")
        tax = _number(each, "cbc:TaxAmount")
        rate = key[1]
        yield f"BR-{rule}-08", base == due.get(key, 0)
        owed = (base * rate / 100).quantize(CENT, ROUND_HALF_UP)
        # Where the price has VAT in it, the sum of both is what was promised.
        yield f"BR-{rule}-09", abs(tax - owed) <= CENT
        yield "BR-CO-17", abs(tax - owed) <= CENT
        reason = _text(each, "cac:TaxCategory/cbc:TaxExemptionReason") or _text(
            each, "cac:TaxCategory/cbc:TaxExemptionReasonCode"
        )
        yield f"BR-{rule}-10", bool(reason) != (code in WITHOUT_REASON)


def _letters(code):
    return "S" if code == "S" else UNTAXED.get(code, "unknown")


def _who_is_taxed(tree, code):
    seller, buyer = _party(tree, "Supplier"), _party(tree, "Customer")
    if code == "AE":
        named = _vat_number(buyer) or _text(buyer, "cac:PartyLegalEntity/cbc:CompanyID")
        yield "BR-AE-02", _vat_number(seller) and named
    elif code in ("S", "E", "Z"):
        yield f"BR-{code}-02", _vat_number(seller)
