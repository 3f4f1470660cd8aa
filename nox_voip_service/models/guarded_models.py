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


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["nox.guarded", "account.payment"]


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


class NoxApprovalCode(models.Model):
    _name = "nox.approval.code"
    _inherit = ["nox.guarded", "nox.approval.code"]


class NoxApprovalGrade(models.Model):
    _name = "nox.approval.grade"
    _inherit = ["nox.guarded", "nox.approval.grade"]


class NoxApprover(models.Model):
    _name = "nox.approver"
    _inherit = ["nox.guarded", "nox.approver"]


class NoxBillingParked(models.Model):
    _name = "nox.billing.parked"
    _inherit = ["nox.guarded", "nox.billing.parked"]


class NoxBillingRun(models.Model):
    _name = "nox.billing.run"
    _inherit = ["nox.guarded", "nox.billing.run"]


class NoxBlockWaiver(models.Model):
    _name = "nox.block.waiver"
    _inherit = ["nox.guarded", "nox.block.waiver"]


class NoxCoverageDraft(models.Model):
    _name = "nox.coverage.draft"
    _inherit = ["nox.guarded", "nox.coverage.draft"]


class NoxCoverageDraftChange(models.Model):
    _name = "nox.coverage.draft.change"
    _inherit = ["nox.guarded", "nox.coverage.draft.change"]


class NoxCoverageDraftCustomer(models.Model):
    _name = "nox.coverage.draft.customer"
    _inherit = ["nox.guarded", "nox.coverage.draft.customer"]


class NoxCoverageDraftRule(models.Model):
    _name = "nox.coverage.draft.rule"
    _inherit = ["nox.guarded", "nox.coverage.draft.rule"]


class NoxCoverageOverride(models.Model):
    _name = "nox.coverage.override"
    _inherit = ["nox.guarded", "nox.coverage.override"]


class NoxCoverageRule(models.Model):
    _name = "nox.coverage.rule"
    _inherit = ["nox.guarded", "nox.coverage.rule"]


class NoxInvoiceEvidence(models.Model):
    _name = "nox.invoice.evidence"
    _inherit = ["nox.guarded", "nox.invoice.evidence"]


class NoxInvoiceDispute(models.Model):
    _name = "nox.invoice.dispute"
    _inherit = ["nox.guarded", "nox.invoice.dispute"]


class NoxInvoicePreview(models.Model):
    _name = "nox.invoice.preview"
    _inherit = ["nox.guarded", "nox.invoice.preview"]


class NoxNotice(models.Model):
    _name = "nox.notice"
    _inherit = ["nox.guarded", "nox.notice"]


class NoxNoticeLine(models.Model):
    _name = "nox.notice.line"
    _inherit = ["nox.guarded", "nox.notice.line"]


class NoxPbx(models.Model):
    _name = "nox.pbx"
    _inherit = ["nox.guarded", "nox.pbx"]


class NoxPbxPlan(models.Model):
    _name = "nox.pbx.plan"
    _inherit = ["nox.guarded", "nox.pbx.plan"]


class NoxPbxSeat(models.Model):
    _name = "nox.pbx.seat"
    _inherit = ["nox.guarded", "nox.pbx.seat"]


class NoxPlanAdvice(models.Model):
    _name = "nox.plan.advice"
    _inherit = ["nox.guarded", "nox.plan.advice"]


class NoxPlanAdviceLine(models.Model):
    _name = "nox.plan.advice.line"
    _inherit = ["nox.guarded", "nox.plan.advice.line"]


class NoxPlanEdition(models.Model):
    _name = "nox.plan.edition"
    _inherit = ["nox.guarded", "nox.plan.edition"]


class NoxSeal(models.Model):
    _name = "nox.seal"
    _inherit = ["nox.guarded", "nox.seal"]


class NoxSeatCharge(models.Model):
    _name = "nox.seat.charge"
    _inherit = ["nox.guarded", "nox.seat.charge"]


class NoxSeatLayout(models.Model):
    _name = "nox.seat.layout"
    _inherit = ["nox.guarded", "nox.seat.layout"]


class NoxSeatWord(models.Model):
    _name = "nox.seat.word"
    _inherit = ["nox.guarded", "nox.seat.word"]


class NoxServiceAnalysis(models.Model):
    _name = "nox.service.analysis"
    _inherit = ["nox.guarded", "nox.service.analysis"]


class NoxServicePlan(models.Model):
    _name = "nox.service.plan"
    _inherit = ["nox.guarded", "nox.service.plan"]


class NoxStandingApproval(models.Model):
    _name = "nox.standing.approval"
    _inherit = ["nox.guarded", "nox.standing.approval"]


class NoxStandingUse(models.Model):
    _name = "nox.standing.use"
    _inherit = ["nox.guarded", "nox.standing.use"]


class NoxStrayMail(models.Model):
    _name = "nox.stray.mail"
    _inherit = ["nox.guarded", "nox.stray.mail"]


class NoxTimeBook(models.Model):
    _name = "nox.time.book"
    _inherit = ["nox.guarded", "nox.time.book"]


class NoxUserHistory(models.Model):
    _name = "nox.user.history"
    _inherit = ["nox.guarded", "nox.user.history"]


class NoxVerdictCheck(models.Model):
    _name = "nox.verdict.check"
    _inherit = ["nox.guarded", "nox.verdict.check"]


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["nox.guarded", "product.product"]


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["nox.guarded", "product.template"]


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["nox.guarded", "res.company"]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["nox.guarded", "res.partner"]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["nox.guarded", "sale.order"]


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["nox.guarded", "sale.order.line"]
