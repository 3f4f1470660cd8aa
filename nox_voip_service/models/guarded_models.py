"""The models that keep `nox.guarded`: all of ours and all that we extend.

Each stands in front of the slices of its model, so this file is imported last. A
model that is forgotten here fails `test_guarded`.
"""

from odoo import models


class AccountAnalyticLine(models.Model):
    _name = "account.analytic.line"
    _inherit = ["nox.guarded", "account.analytic.line"]


class AccountJournal(models.Model):
    _name = "account.journal"
    _inherit = ["nox.guarded", "account.journal"]


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["nox.guarded", "account.move"]


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["nox.guarded", "account.move.line"]


class AccountMoveReversal(models.TransientModel):
    _name = "account.move.reversal"
    _inherit = ["nox.guarded", "account.move.reversal"]


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["nox.guarded", "account.payment"]


class BaseImportImport(models.TransientModel):
    _name = "base_import.import"
    _inherit = ["nox.guarded", "base_import.import"]


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _name = "base.partner.merge.automatic.wizard"
    _inherit = ["nox.guarded", "base.partner.merge.automatic.wizard"]


class CalendarAttendee(models.Model):
    _name = "calendar.attendee"
    _inherit = ["nox.guarded", "calendar.attendee"]


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["nox.guarded", "calendar.event"]


class ContractContract(models.Model):
    _name = "contract.contract"
    _inherit = ["nox.guarded", "contract.contract"]


class ContractLine(models.Model):
    _name = "contract.line"
    _inherit = ["nox.guarded", "contract.line"]


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["nox.guarded", "helpdesk.ticket"]


class HelpdeskTicketCategory(models.Model):
    _name = "helpdesk.ticket.category"
    _inherit = ["nox.guarded", "helpdesk.ticket.category"]


class HelpdeskTicketStage(models.Model):
    _name = "helpdesk.ticket.stage"
    _inherit = ["nox.guarded", "helpdesk.ticket.stage"]


class HelpdeskTicketTeam(models.Model):
    _name = "helpdesk.ticket.team"
    _inherit = ["nox.guarded", "helpdesk.ticket.team"]


class IrRule(models.Model):
    _name = "ir.rule"
    _inherit = ["nox.guarded", "ir.rule"]


class NoxAdminTraining(models.Model):
    _name = "nox.admin.training"
    _inherit = ["nox.guarded", "nox.admin.training"]


class NoxBillingParked(models.Model):
    _name = "nox.billing.parked"
    _inherit = ["nox.guarded", "nox.billing.parked"]


class NoxBillingRehearsal(models.TransientModel):
    _name = "nox.billing.rehearsal"
    _inherit = ["nox.guarded", "nox.billing.rehearsal"]


class NoxBillingRehearsalDetail(models.TransientModel):
    _name = "nox.billing.rehearsal.detail"
    _inherit = ["nox.guarded", "nox.billing.rehearsal.detail"]


class NoxBillingRehearsalLine(models.TransientModel):
    _name = "nox.billing.rehearsal.line"
    _inherit = ["nox.guarded", "nox.billing.rehearsal.line"]


class NoxBillingRun(models.Model):
    _name = "nox.billing.run"
    _inherit = ["nox.guarded", "nox.billing.run"]


class NoxBlockWaiver(models.Model):
    _name = "nox.block.waiver"
    _inherit = ["nox.guarded", "nox.block.waiver"]


class NoxCoverageOverride(models.Model):
    _name = "nox.coverage.override"
    _inherit = ["nox.guarded", "nox.coverage.override"]


class NoxCoverageReview(models.TransientModel):
    _name = "nox.coverage.review"
    _inherit = ["nox.guarded", "nox.coverage.review"]


class NoxCoverageReviewLine(models.TransientModel):
    _name = "nox.coverage.review.line"
    _inherit = ["nox.guarded", "nox.coverage.review.line"]


class NoxCoverageRule(models.Model):
    _name = "nox.coverage.rule"
    _inherit = ["nox.guarded", "nox.coverage.rule"]


class NoxInvoiceDispute(models.Model):
    _name = "nox.invoice.dispute"
    _inherit = ["nox.guarded", "nox.invoice.dispute"]


class NoxPbx(models.Model):
    _name = "nox.pbx"
    _inherit = ["nox.guarded", "nox.pbx"]


class NoxPbxChangePlan(models.TransientModel):
    _name = "nox.pbx.change.plan"
    _inherit = ["nox.guarded", "nox.pbx.change.plan"]


class NoxPbxPlan(models.Model):
    _name = "nox.pbx.plan"
    _inherit = ["nox.guarded", "nox.pbx.plan"]


class NoxPbxSeat(models.Model):
    _name = "nox.pbx.seat"
    _inherit = ["nox.guarded", "nox.pbx.seat"]


class NoxPriceIndex(models.TransientModel):
    _name = "nox.price.index"
    _inherit = ["nox.guarded", "nox.price.index"]


class NoxPriceIndexLine(models.TransientModel):
    _name = "nox.price.index.line"
    _inherit = ["nox.guarded", "nox.price.index.line"]


class NoxQuoteProof(models.TransientModel):
    _name = "nox.quote.proof"
    _inherit = ["nox.guarded", "nox.quote.proof"]


class NoxSeatChange(models.TransientModel):
    _name = "nox.seat.change"
    _inherit = ["nox.guarded", "nox.seat.change"]


class NoxSeatCharge(models.Model):
    _name = "nox.seat.charge"
    _inherit = ["nox.guarded", "nox.seat.charge"]


class NoxSeatCompare(models.TransientModel):
    _name = "nox.seat.compare"
    _inherit = ["nox.guarded", "nox.seat.compare"]


class NoxSeatCompareColumn(models.TransientModel):
    _name = "nox.seat.compare.column"
    _inherit = ["nox.guarded", "nox.seat.compare.column"]


class NoxSeatCompareLine(models.TransientModel):
    _name = "nox.seat.compare.line"
    _inherit = ["nox.guarded", "nox.seat.compare.line"]


class NoxSeatLayout(models.Model):
    _name = "nox.seat.layout"
    _inherit = ["nox.guarded", "nox.seat.layout"]


class NoxSeatWord(models.Model):
    _name = "nox.seat.word"
    _inherit = ["nox.guarded", "nox.seat.word"]


class NoxServicePlan(models.Model):
    _name = "nox.service.plan"
    _inherit = ["nox.guarded", "nox.service.plan"]


class NoxTicketDrop(models.TransientModel):
    _name = "nox.ticket.drop"
    _inherit = ["nox.guarded", "nox.ticket.drop"]


class NoxTicketSplit(models.TransientModel):
    _name = "nox.ticket.split"
    _inherit = ["nox.guarded", "nox.ticket.split"]


class NoxTimeBook(models.Model):
    _name = "nox.time.book"
    _inherit = ["nox.guarded", "nox.time.book"]


class NoxTrainingPlan(models.TransientModel):
    _name = "nox.training.plan"
    _inherit = ["nox.guarded", "nox.training.plan"]


class NoxTrainingPlanLine(models.TransientModel):
    _name = "nox.training.plan.line"
    _inherit = ["nox.guarded", "nox.training.plan.line"]


class NoxTrainingResult(models.TransientModel):
    _name = "nox.training.result"
    _inherit = ["nox.guarded", "nox.training.result"]


class NoxTrainingResultLine(models.TransientModel):
    _name = "nox.training.result.line"
    _inherit = ["nox.guarded", "nox.training.result.line"]


class NoxUserHistory(models.Model):
    _name = "nox.user.history"
    _inherit = ["nox.guarded", "nox.user.history"]


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["nox.guarded", "product.product"]


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["nox.guarded", "product.template"]


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["nox.guarded", "res.company"]


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["nox.guarded", "res.config.settings"]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["nox.guarded", "res.partner"]


class SaleAdvancePaymentInv(models.TransientModel):
    _name = "sale.advance.payment.inv"
    _inherit = ["nox.guarded", "sale.advance.payment.inv"]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["nox.guarded", "sale.order"]


class SaleOrderDiscount(models.TransientModel):
    _name = "sale.order.discount"
    _inherit = ["nox.guarded", "sale.order.discount"]


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["nox.guarded", "sale.order.line"]
