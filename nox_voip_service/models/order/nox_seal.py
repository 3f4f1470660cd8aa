import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base import sealing


class NoxSeal(models.Model):
    """A certificate with which a company seals the copies of approvals. Its key and
    the password are read by code alone: no log-in gets them, an administrator's
    neither."""

    _name = "nox.seal"
    _description = "Certificate that Seals Approvals"
    _order = "id desc"

    name = fields.Char(string="In the name of", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    issuer = fields.Char(string="Vouched for by", readonly=True)
    fingerprint = fields.Char(string="SHA-256 of the certificate", readonly=True)
    valid_from = fields.Datetime("Valid from", required=True, readonly=True)
    valid_until = fields.Datetime("Valid until", required=True, readonly=True)
    is_own = fields.Boolean(
        string="Made by ourselves",
        readonly=True,
        help="It shows that nobody changed a copy after it was sealed. It does not"
        " prove to others who we are: nobody else vouches for it.",
    )
    content = fields.Binary(
        required=True, readonly=True, attachment=False, groups=fields.NO_ACCESS
    )
    password = fields.Char(readonly=True, groups=fields.NO_ACCESS)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("name", "valid_until")
    def _compute_display_name(self):
        for seal in self:
            seal.display_name = self.env._(
                "%(name)s, until %(date)s",
                name=seal.name,
                date=seal.valid_until and seal.valid_until.date(),
            )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    @api.model
    def _opened(self, content, password):
        """What is in a PKCS#12 file; a sentence when it is of no use."""
        try:
            return sealing.opened(content, password)
        except sealing.SealProblem as problem:
            sentences = {
                "unreadable": self.env._(
                    "This is no certificate file (PKCS#12, .p12 or .pfx), or the"
                    " password is not the right one."
                ),
                "no_key": self.env._(
                    "This file holds no certificate with its private key. Export it"
                    " with the key."
                ),
                "not_for_signing": self.env._(
                    "This certificate is not meant for signing. Ask its issuer for one"
                    " that is."
                ),
            }
            raise ValidationError(sentences[problem.code]) from problem

    @api.model
    def _keep(self, company, content, password, is_own=False):
        """Seal with this certificate from now on; the ones before stay."""
        found = self._opened(content, password)
        seal = self.sudo().create(
            {
                **found._asdict(),
                "company_id": company.id,
                "is_own": is_own,
                "content": base64.b64encode(content),
                "password": password,
            }
        )
        company.sudo().service_seal_id = seal
        self.env["sale.order"]._trigger_seals()
        return seal

    @api.model
    def _make_own(self, company):
        """A certificate of our own, with a password that nobody knows."""
        content, password = sealing.make_own(
            company.name, company.country_id.code, fields.Datetime.now()
        )
        return self._keep(company, content, password, is_own=True)

    def _problem(self):
        """Why this certificate cannot seal now, as a code; empty if it can."""
        now = fields.Datetime.now()
        if not self:
            return "no_certificate"
        if now < self.valid_from:
            return "not_yet"
        return "expired" if now > self.valid_until else ""

    def _seal(self, pdf, reason, tsa_url):
        """The sealed PDF; `sealing.SealProblem` when it cannot be."""
        problem = self._problem()
        if problem:
            raise sealing.SealProblem(problem)
        own = self.sudo()
        return sealing.seal(
            pdf, base64.b64decode(own.content), own.password, reason, tsa_url
        )
