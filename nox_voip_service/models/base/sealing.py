"""Seals a PDF with a certificate, and makes a certificate: the one place that knows
pyHanko, which is not everywhere."""

import importlib.util
import io
import logging
import secrets
from datetime import timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

_logger = logging.getLogger(__name__)

FIELD = "Seal"
OWN_YEARS = 5
OWN_KEY_BITS = 3072
# A service that does not answer is asked again later.
TIMEOUT_SECONDS = 10


class SealProblem(Exception):
    """Why nothing is sealed now: a code, which models turn into a sentence."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Opened(NamedTuple):
    """What a PKCS#12 file holds, as far as a seal needs it."""

    name: str
    issuer: str
    fingerprint: str
    valid_from: object  # UTC, naive, as Odoo stores it
    valid_until: object


def is_available():
    """Whether this server can seal."""
    return importlib.util.find_spec("pyhanko") is not None


def opened(content, password):
    """What is in a PKCS#12 file; SealProblem "unreadable", "no_key" or
    "not_for_signing" when it is of no use."""
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(
            content, password.encode() if password else None
        )
    except (ValueError, TypeError) as error:
        raise SealProblem("unreadable") from error
    if key is None or certificate is None:
        raise SealProblem("no_key")
    if not _may_sign(certificate):
        raise SealProblem("not_for_signing")
    return Opened(
        name=_words(certificate.subject),
        issuer=_words(certificate.issuer),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        valid_from=certificate.not_valid_before_utc.replace(tzinfo=None),
        valid_until=certificate.not_valid_after_utc.replace(tzinfo=None),
    )


def _may_sign(certificate):
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _words(name):
    """The common name, or all that there is."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return common[0].value if common else name.rfc4514_string()


def make_own(name, country, now):
    """A certificate that we vouch for ourselves.

    :param now: UTC, naive
    :return: the PKCS#12 file and its password
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=OWN_KEY_BITS)
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]
    attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64]))
    if country:
        attributes.append(x509.NameAttribute(NameOID.COUNTRY_NAME, country))
    subject = x509.Name(attributes)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks of readers may be some minutes late.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * OWN_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage_of_a_seal(), critical=True)
        .sign(key, hashes.SHA256())
    )
    password = secrets.token_urlsafe(24)
    content = pkcs12.serialize_key_and_certificates(
        name.encode(),
        key,
        certificate,
        None,
        serialization.BestAvailableEncryption(password.encode()),
    )
    return content, password


def _usage_of_a_seal():
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment"
        " key_agreement key_cert_sign crl_sign encipher_only decipher_only"
    ).split()
    usage = dict.fromkeys(names, False)
    return x509.KeyUsage(
        **{**usage, "digital_signature": True, "content_commitment": True}
    )


def time_stamper(url):
    """Asks a time stamp service (RFC 3161) at this address; None without one."""
    if not url:
        return None
    from pyhanko.sign.timestamps import HTTPTimeStamper

    return HTTPTimeStamper(url, timeout=TIMEOUT_SECONDS)


def seal(pdf, content, password, reason, tsa_url=None):
    """The same PDF with a seal behind it: its own bytes come first, as they were.

    :param pdf: bytes
    :param reason: what readers show beside the seal
    :raise SealProblem: "no_library", "no_pdf", "unreadable" or "no_stamp"
    """
    if not is_available():
        raise SealProblem("no_library")
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields, signers
    from pyhanko.sign.timestamps import TimestampRequestError

    # By cryptography, which says what is wrong; pyHanko logs it as an error.
    opened(content, password)
    signer = signers.SimpleSigner.load_pkcs12_data(
        content, other_certs=[], passphrase=password.encode() if password else None
    )
    if signer is None:
        raise SealProblem("unreadable")
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    except PdfError as error:
        raise SealProblem("no_pdf") from error
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=reason,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    try:
        sealed = signers.sign_pdf(
            writer, meta, signer=signer, timestamper=time_stamper(tsa_url)
        )
    except TimestampRequestError as error:
        _logger.info("No time stamp from %s: %s", tsa_url, error)
        raise SealProblem("no_stamp") from error
    return sealed.getvalue()
