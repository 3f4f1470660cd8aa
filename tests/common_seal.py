import functools
import io
from datetime import timedelta
from unittest.mock import patch

from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfgen import canvas

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.nox_voip_service.models.base import sealing

from .common_grade import GradeCase


def paper(*words):
    """A small PDF."""
    made = io.BytesIO()
    page = canvas.Canvas(made, pageCompression=0)
    page.drawString(72, 720, " ".join(words) or "A quote as it was approved")
    page.save()
    return made.getvalue()


@functools.cache
def pkcs12_file(shift_days=0, password="secret"):
    """A certificate made so many days from now, as a file with its password; the same
    each time, for a key takes long to make."""
    now = fields.Datetime.now() + timedelta(days=shift_days)
    content, made = sealing.make_own("Nox Telecom", "NL", now)
    key, certificate, _others = pkcs12.load_key_and_certificates(content, made.encode())
    return (
        pkcs12.serialize_key_and_certificates(
            b"nox",
            key,
            certificate,
            None,
            sealing.serialization.BestAvailableEncryption(password.encode()),
        ),
        password,
    )


def time_stamper():
    """A time stamp service of our own, without a network."""
    content, password = pkcs12_file()
    key, certificate, _others = pkcs12.load_key_and_certificates(
        content, password.encode()
    )
    return DummyTimeStamper(
        x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
    )


def check(content):
    """What pyHanko says of the only seal of a PDF; None when it reads none."""
    with mute_logger("pyhanko.pdf_utils.reader", "pyhanko.sign.validation.generic_cms"):
        try:
            (seal,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
            trust = ValidationContext(
                trust_roots=[seal.signer_cert], allow_fetching=False
            )
            return validate_pdf_signature(seal, trust)
        except Exception:
            # A changed byte breaks a file in any way.
            return None


def hole(content):
    """Where the seal itself stands in its file: from its ``<`` to its ``>``."""
    (seal,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    _start, length, end, _rest = seal.byte_range
    return length, end


def is_whole(content):
    """Whether the seal is right, and nothing of the file is outside of it."""
    status = check(content)
    return bool(
        status
        and status.intact
        and status.valid
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    )


class SealCase(GradeCase):
    """Quotes whose approval is sealed."""

    def setUp(self):
        super().setUp()
        # OpenSSL looks whether a key is one whenever it reads it, which takes three
        # times as long for one of 3072 bits; what is sealed here asks for no such key.
        self.own_key_bits = sealing.OWN_KEY_BITS
        self.startPatcher(patch.object(sealing, "OWN_KEY_BITS", 2048))
        self.printed = paper()
        report = self.registry["ir.actions.report"]
        self.printing = patch.object(
            report, "_render_qweb_pdf", lambda *args, **kwargs: (self.printed, "pdf")
        )

    def _approved_quote(self):
        """Approved with a code where the plan asks for a seal; not sealed yet."""
        quote = self._quote("signed")
        # Nobody gets more than some codes in an hour.
        self.env["nox.approval.code"].search([]).unlink()
        with self.printing:
            self.assertTrue(self._approve_with_code(quote).get("force_refresh"))
        return quote

    def _seal_all(self):
        """The hourly job."""
        self.env.flush_all()
        self.env.ref("nox_voip_service.cron_seals").method_direct_trigger()
        self.env.invalidate_all()
