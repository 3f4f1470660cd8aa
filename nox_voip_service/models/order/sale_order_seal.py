import hashlib
import logging

from odoo import api, fields, models

from ...policy import grades
from ..base.sealing import SealProblem

_logger = logging.getLogger(__name__)

PROBLEMS = [
    ("no_library", "The library pyHanko is not installed on this server."),
    ("no_certificate", "There is no certificate: add one in the settings."),
    ("not_yet", "The certificate in the settings is not valid yet."),
    ("expired", "The certificate has expired: add a newer one in the settings."),
    ("unreadable", "The certificate in the settings cannot be read."),
    ("no_stamp", "The time stamp service does not answer."),
    ("no_pdf", "The approved copy is no PDF that can be sealed."),
    ("changed", "The approved copy was changed after the approval."),
    ("failed", "Something unexpected: see the log of the server."),
]
# These are of one quote; the others stop every quote of its company.
OF_ONE = ("no_pdf", "changed", "failed")
ACTIVITY = "nox_voip_service.mail_activity_seal_waits"


class SaleOrder(models.Model):
    """The copy of an approval, sealed with the certificate of the company. The
    approval counts without it: what cannot be sealed now is sealed later."""

    _inherit = "sale.order"

    service_seal_state = fields.Selection(
        [("waits", "To be sealed"), ("sealed", "Sealed")],
        string="Seal",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    service_seal_problem = fields.Selection(
        PROBLEMS, string="Not sealed yet", copy=False, readonly=True
    )
    service_sealed_copy_id = fields.Many2one(
        "ir.attachment",
        string="Sealed copy",
        copy=False,
        readonly=True,
        ondelete="restrict",
        help="The approved copy with the seal behind it; it is never made again.",
    )
    service_sealed_at = fields.Datetime(string="Sealed on", copy=False, readonly=True)
    service_sealed_hash = fields.Char(
        string="SHA-256 of the sealed copy", copy=False, readonly=True
    )

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _approved_paper(self):
        """The quote as it was approved, with its seal where it has one."""
        self.ensure_one()
        return self.service_sealed_copy_id or self.service_signed_copy_id

    def _ask_for_seal(self):
        """Seal the copy of this approval in a moment: no time stamp service stands
        between a customer and his approval."""
        self.ensure_one()
        wanted = self.service_grade_needed or grades.GRADES[0]
        if grades.is_sealed(self.service_approval_grade or "", wanted):
            self.sudo().service_seal_state = "waits"
            self._trigger_seals()

    @api.model
    def _trigger_seals(self):
        self.env.ref("nox_voip_service.cron_seals").sudo()._trigger()

    @api.model
    def _cron_seals(self):
        """Seal what waits; who manages the service hears what does not work."""
        waiting = self.search([("service_seal_state", "=", "waits")], order="id")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(waiting))
        stopped = {}
        for order in waiting:
            problem = stopped.get(order.company_id) or order._seal_or_problem()
            if problem and problem not in OF_ONE:
                stopped[order.company_id] = problem
            order._keep_seal_problem(problem)
            if not progress(1):
                break

    def _seal_or_problem(self):
        """Seal this copy; why not, as a code, or empty."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._seal_copy()
        except SealProblem as problem:
            return problem.code
        except Exception:
            # The next quotes get their seal; this one is tried again.
            _logger.exception("The copy of %s could not be sealed", self.name)
            return "failed"
        return ""

    def _seal_copy(self):
        """Once: a copy that is sealed is never sealed again."""
        self.ensure_one()
        if self.service_sealed_copy_id:
            return
        copy = self.service_signed_copy_id
        made = copy.raw or b""
        if hashlib.sha256(made).hexdigest() != self.service_copy_hash:
            raise SealProblem("changed")
        if not made.startswith(b"%PDF"):
            raise SealProblem("no_pdf")
        company = self.company_id.sudo()
        sealed = company.service_seal_id._seal(
            made, self._seal_reason(), company.service_tsa_url
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": copy.name.replace(".pdf", "-sealed.pdf"),
                "raw": sealed,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.sudo().write(
            {
                "service_seal_state": "sealed",
                "service_sealed_copy_id": attachment.id,
                "service_sealed_hash": hashlib.sha256(sealed).hexdigest(),
                "service_sealed_at": fields.Datetime.now(),
                "service_approval_grade": grades.SIGNED,
            }
        )

    def _seal_reason(self):
        """What a reader of the PDF shows beside the seal, in the customer's words."""
        self.ensure_one()
        env = self.with_context(lang=self.partner_id._service_lang()).env
        return env._(
            "%(quote)s, approved by %(name)s on %(moment)s UTC, logged in and with a"
            " code by mail",
            quote=self.name,
            name=self.signed_by,
            moment=self.service_approved_at,
        )

    def _keep_seal_problem(self, problem):
        """Say why a copy is not sealed, once, to who can do something about it."""
        self.ensure_one()
        self.sudo().service_seal_problem = problem
        if not problem:
            self.sudo().activity_unlink([ACTIVITY], only_automated=False)
            return
        if self.activity_search([ACTIVITY], only_automated=False):
            return
        manager = self.company_id._service_manager()
        order = self.with_context(lang=manager.partner_id._service_lang())
        field = order._fields["service_seal_problem"]
        order.activity_schedule(
            ACTIVITY,
            user_id=manager.id,
            summary=order.env._(
                "The approval of %(quote)s counts, but its copy is not sealed",
                quote=self.name,
            ),
            note=order.env._(
                "%(problem)s It is tried again every hour.",
                problem=field.convert_to_export(problem, order),
            ),
        )
