from odoo import http

from odoo.addons.contract.controllers.main import PortalContract

from ..base.values import date_range, number


class ServiceContractPortal(PortalContract):
    """The customer's list of contracts. The base fails on a page or a date that is
    none, as in ``?page=x``; here that is the first page, and all dates."""

    @http.route()
    def portal_my_contracts(
        self, page=1, date_begin=None, date_end=None, sortby=None, **kw
    ):
        date_begin, date_end = date_range(date_begin, date_end)
        return super().portal_my_contracts(
            page=number(page) or 1,
            date_begin=date_begin,
            date_end=date_end,
            sortby=sortby,
            **kw,
        )
