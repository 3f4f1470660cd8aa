from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class SaleOrderLine(models.Model):
    """Selling n administrator trainings makes n places; who attended is the delivered
    quantity, so Odoo bills the people who came."""

    _inherit = "sale.order.line"

    is_admin_training = fields.Boolean(related="product_id.is_admin_training")
    qty_delivered_method = fields.Selection(
        selection_add=[("training", "Trainings attended")]
    )
    training_ids = fields.One2many("nox.admin.training", "sale_line_id", readonly=True)

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("product_id.is_admin_training")
    def _compute_qty_delivered_method(self):
        res = super()._compute_qty_delivered_method()
        self.filtered("is_admin_training").qty_delivered_method = "training"
        return res

    @api.depends("training_ids.is_attended", "is_admin_training")
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        """People who attended: passed, failed, and no-shows that are billed; less
        those who were credited for good."""
        delivered = super()._prepare_qty_delivered()
        for line in self.filtered("is_admin_training"):
            attended = len(line.sudo().training_ids.filtered("is_attended"))
            delivered[line] = max(0, attended - line.credited_blocks)
        return delivered

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._sync_training_places()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"product_uom_qty", "product_id"}:
            self.filtered(lambda line: line.state == "sale")._sync_training_places()
        return res

    def unlink(self):
        """Places that nobody filled in go with the line they were sold on."""
        places = self.sudo().training_ids
        places.filtered(
            lambda place: place._is_untouched() or place.is_cancelled
        ).unlink()
        return super().unlink()

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _service_section(self):
        return "training" if self.is_admin_training else super()._service_section()

    def _is_billed_by_run(self):
        return super()._is_billed_by_run() or self.is_admin_training

    def _needs_pbx(self):
        return super()._needs_pbx() or self.is_admin_training

    def _sync_training_places(self):
        """Make as many places as people were sold: add free ones, take free ones away.

        A no-show that is not billed leaves its place to somebody else; a place that was
        cancelled by hand is gone. In sudo: a seller has no rights on trainings, and
        every value comes from the line.
        """
        for line in self.sudo().filtered(
            lambda line: line.is_admin_training and not line.display_type
        ):
            wanted = line.product_uom_qty
            if float_compare(wanted, round(wanted), precision_digits=3):
                raise UserError(
                    self.env._(
                        "Trainings are sold per person: %(quantity)s is not a whole"
                        " number of people.",
                        quantity=wanted,
                    )
                )
            taken = line.training_ids.filtered(
                lambda place: place.result != "no_show" or place.bill_no_show
            )
            more = round(wanted) - len(taken)
            if more > 0:
                self.env["nox.admin.training"].sudo().create(
                    [line._prepare_training_vals() for _place in range(more)]
                )
            elif more < 0:
                free = taken.filtered(lambda place: place._is_untouched())
                if len(free) < -more:
                    raise UserError(
                        self.env._(
                            "%(order)s: %(filled)s places are given to somebody, so"
                            " there cannot be fewer. Free or cancel a place first.",
                            order=line.order_id.name,
                            filled=len(taken) - len(free),
                        )
                    )
                free[more:].unlink()

    def _prepare_training_vals(self):
        self.ensure_one()
        return {
            "sale_line_id": self.id,
            "company_id": self.company_id.id,
            "pbx_id": self.service_pbx_id.id,
        }

    def _after_places_changed(self):
        """The order follows its places: a free one for a no-show that is not billed,
        and never fewer people than were invoiced."""
        for line in self.sudo():
            if line.state == "sale":
                line._sync_training_places()
            attended = len(line.training_ids.filtered("is_attended"))
            if float_compare(attended, line.qty_invoiced, precision_digits=3) < 0:
                raise UserError(
                    self.env._(
                        "%(invoiced)s people of %(order)s are invoiced, and only"
                        " %(attended)s would have attended. Credit the invoice first.",
                        invoiced=round(line.qty_invoiced),
                        order=line.order_id.name,
                        attended=attended,
                    )
                )

    def _attended_now(self, quantity):
        """Whom an invoice line of so many people bills: in order of the day, after
        those who were billed before."""
        self.ensure_one()
        attended = (
            self.sudo()
            .training_ids.filtered("is_attended")
            .sorted(lambda place: (place.date, place.id))
        )
        start = round(self.qty_invoiced) + self.credited_blocks
        return attended[start : start + round(quantity)]

    def _training_invoice_text(self, name, quantity):
        """The line's own text, and under it who attended."""
        people = self._attended_now(quantity)
        return "\n".join([name, *(place._invoice_text() for place in people)])

    def _service_invoice_name(self, name, quantity):
        if self.is_admin_training:
            return self._training_invoice_text(name, quantity)
        return super()._service_invoice_name(name, quantity)
