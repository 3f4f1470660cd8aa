from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager as portal_pager

from ...models.base.in_force import in_force_domain
from ..base.values import choice, number, text

PAGE = 20
USERS_ON_PBX_PAGE = 10
MAX_SEARCH = 100


class TelephonyPortal(CustomerPortal):
    """My telephony: the customer's PBXs, what their plan means, their users."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "pbx_count" in counters:
            values["pbx_count"] = (
                request.env["nox.pbx"].search_count(self._pbx_domain())
                if request.env["nox.pbx"].has_access("read")
                else 0
            )
        return values

    # ------------------------------------------------------------------
    # ROUTES
    # ------------------------------------------------------------------

    @http.route(
        ["/my/telephony", "/my/telephony/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_my_telephony(self, page=1, search=None, **kw):
        """All PBXs of the customer; the page of the PBX when there is one."""
        Pbx = request.env["nox.pbx"]
        if not Pbx.has_access("read"):
            return request.redirect("/my")
        search = text(search, MAX_SEARCH)[:MAX_SEARCH]
        domain = self._pbx_domain()
        if search:
            domain &= Domain("name", "ilike", search)
        total = Pbx.search_count(domain)
        if total == 1 and not search:
            return self._render_pbx(Pbx.search(domain))
        pager = portal_pager(
            url="/my/telephony",
            url_args={"search": search} if search else {},
            total=total,
            page=number(page) or 1,
            step=PAGE,
        )
        pbxs = Pbx.search(domain, limit=PAGE, offset=pager["offset"])
        return request.render(
            "nox_voip_service.portal_my_telephony",
            dict(
                self._prepare_portal_layout_values(),
                page_name="telephony",
                default_url="/my/telephony",
                pbxs=pbxs,
                summaries=pbxs._portal_summaries(),
                pager=pager,
                search=search,
                total=total,
                can_ask=Pbx.search_count(
                    self._pbx_domain() & Pbx._portal_alive_domain(), limit=1
                ),
            ),
        )

    @http.route(
        "/my/telephony/<int:pbx_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_my_pbx(self, pbx_id, **kw):
        """One PBX: plan, prices, next invoice, users, administrators."""
        pbx = self._pbx(pbx_id)
        if not pbx:
            raise request.not_found()
        return self._render_pbx(pbx)

    @http.route(
        [
            "/my/telephony/<int:pbx_id>/users",
            "/my/telephony/<int:pbx_id>/users/page/<int:page>",
        ],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_my_pbx_users(
        self, pbx_id, page=1, sortby=None, filterby=None, search=None, **kw
    ):
        """The users of a PBX with their dates."""
        pbx = self._pbx(pbx_id)
        if not pbx:
            raise request.not_found()
        Seat = request.env["nox.pbx.seat"]
        sortings = self._seat_sortings()
        filters = self._seat_filters(pbx)
        sortby = choice(sortby, sortings, "extension")
        filterby = choice(filterby, filters, "now")
        search = text(search, MAX_SEARCH)[:MAX_SEARCH]
        domain = Domain("pbx_id", "=", pbx.id) & Domain(filters[filterby]["domain"])
        if search:
            domain &= Domain("name", "ilike", search) | Domain(
                "extension", "ilike", search
            )
        total = Seat.search_count(domain)
        url = f"/my/telephony/{pbx.id}/users"
        pager = portal_pager(
            url=url,
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
            total=total,
            page=number(page) or 1,
            step=PAGE,
        )
        seats = Seat.search(
            domain,
            order=sortings[sortby]["order"],
            limit=PAGE,
            offset=pager["offset"],
        )
        return request.render(
            "nox_voip_service.portal_my_pbx_users",
            dict(
                self._prepare_portal_layout_values(),
                page_name="telephony_users",
                default_url=url,
                pbx=pbx,
                can_ask=not pbx._portal_has_ended(),
                seats=seats.sudo(),
                found=self._found_text(
                    total, Seat.search_count(domain & Domain("charged", "=", False))
                ),
                pager=pager,
                search=search,
                search_in="all",
                sortby=sortby,
                filterby=filterby,
                searchbar_sortings=sortings,
                searchbar_filters=filters,
                searchbar_inputs={
                    "all": {
                        "input": "all",
                        "label": request.env._("Name or extension"),
                    }
                },
            ),
        )

    # ------------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------------

    def _pbx_domain(self):
        """The customer's own, also for who may read more."""
        customer = request.env.user.commercial_partner_id
        return Domain("commercial_partner_id", "=", customer.id)

    def _pbx(self, pbx_id):
        """A PBX that this user may read, in sudo; None for any other id."""
        try:
            return self._document_check_access("nox.pbx", number(pbx_id))
        except (AccessError, MissingError):
            return None

    def _found_text(self, total, free):
        """How many users a list has, and how many of them cost nothing."""
        if not free:
            return request.env._("%(total)s found", total=total)
        return request.env._(
            "%(total)s found, %(free)s of them without charge", total=total, free=free
        )

    def _seat_sortings(self):
        return {
            "extension": {
                "label": request.env._("Extension"),
                "order": "extension, id",
            },
            "name": {"label": request.env._("Name"), "order": "name, id"},
            "newest": {
                "label": request.env._("Newest"),
                "order": "date_start desc, id desc",
            },
        }

    def _seat_filters(self, pbx):
        today = pbx.sudo().company_id._service_today()
        running = in_force_domain(today)
        return {
            "now": {"label": request.env._("Today's users"), "domain": running},
            "left": {
                "label": request.env._("Users who left"),
                "domain": [("date_end", "<", today)],
            },
            "all": {"label": request.env._("All users"), "domain": []},
        }

    def _render_pbx(self, pbx):
        pbx_sudo = pbx.sudo()
        ended = pbx_sudo._portal_has_ended()
        running = in_force_domain(pbx_sudo.company_id._service_today())
        seats = (
            request.env["nox.pbx.seat"]
            .sudo()
            .search(
                [("pbx_id", "=", pbx.id), *running],
                order="extension, id",
                limit=USERS_ON_PBX_PAGE,
            )
        )
        if ended:
            seats = seats.browse()
        return request.render(
            "nox_voip_service.portal_my_pbx",
            dict(
                self._prepare_portal_layout_values(),
                page_name="telephony_pbx",
                pbx=pbx_sudo,
                ended=ended,
                can_ask=not ended,
                service=pbx_sudo._portal_plan_values(),
                next_invoice=pbx_sudo._portal_next_invoice(),
                chart=pbx_sudo._portal_users_chart(),
                seats=seats,
                certificates=pbx_sudo._portal_certificates(),
                open_requests=pbx_sudo._portal_open_requests(),
            ),
        )
