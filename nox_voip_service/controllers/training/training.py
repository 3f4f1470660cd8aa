from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager as portal_pager

from ..base.values import number, text

PAGE = 20
REPORT = "nox_voip_service.action_report_training_certificate"


class TrainingPortal(CustomerPortal):
    """Trainings of the customer's people, and their certificates."""

    @http.route(
        ["/my/trainings", "/my/trainings/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_my_trainings(self, page=1, **kw):
        """Who followed a training, with what result."""
        Training = request.env["nox.admin.training"]
        if not Training.has_access("read"):
            return request.redirect("/my")
        customer = request.env.user.commercial_partner_id
        domain = [("commercial_partner_id", "=", customer.id)]
        total = Training.search_count(domain)
        page = number(page) or 1
        pager = portal_pager(url="/my/trainings", total=total, page=page, step=PAGE)
        trainings = Training.search(domain, limit=PAGE, offset=pager["offset"])
        has_pbx = request.env["nox.pbx"].search_count(domain, limit=1)
        kind = request.env.ref(
            "nox_voip_service.category_training", raise_if_not_found=False
        )
        return request.render(
            "nox_voip_service.portal_my_trainings",
            dict(
                self._prepare_portal_layout_values(),
                page_name="telephony_trainings",
                trainings=trainings.sudo(),
                pager=pager,
                training_kind=kind if has_pbx else None,
            ),
        )

    @http.route(
        "/my/trainings/<int:training_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def portal_my_certificate(self, training_id, access_token=None, **kw):
        """The certificate as PDF; for its readers and for who has its link."""
        try:
            training = self._document_check_access(
                "nox.admin.training",
                number(training_id),
                text(access_token, 100) or None,
            )
        except (AccessError, MissingError):
            raise request.not_found() from None
        if not training.certificate_number:
            raise request.not_found()
        return self._show_report(training, "pdf", REPORT, download=True)
