"""The dialogs that keep `nox.guarded`: see `models/guarded_models.py`."""

from odoo import models


class AccountMoveReversal(models.TransientModel):
    _name = "account.move.reversal"
    _inherit = ["nox.guarded", "account.move.reversal"]


class BaseImportImport(models.TransientModel):
    _name = "base_import.import"
    _inherit = ["nox.guarded", "base_import.import"]


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _name = "base.partner.merge.automatic.wizard"
    _inherit = ["nox.guarded", "base.partner.merge.automatic.wizard"]


class NoxBlockRecount(models.TransientModel):
    _name = "nox.block.recount"
    _inherit = ["nox.guarded", "nox.block.recount"]


class NoxBlockRecountLine(models.TransientModel):
    _name = "nox.block.recount.line"
    _inherit = ["nox.guarded", "nox.block.recount.line"]


class NoxFigures(models.TransientModel):
    _name = "nox.figures"
    _inherit = ["nox.guarded", "nox.figures"]


class NoxFiguresLine(models.TransientModel):
    _name = "nox.figures.line"
    _inherit = ["nox.guarded", "nox.figures.line"]


class NoxBillingRehearsal(models.TransientModel):
    _name = "nox.billing.rehearsal"
    _inherit = ["nox.guarded", "nox.billing.rehearsal"]


class NoxBillingRehearsalDetail(models.TransientModel):
    _name = "nox.billing.rehearsal.detail"
    _inherit = ["nox.guarded", "nox.billing.rehearsal.detail"]


class NoxBillingRehearsalLine(models.TransientModel):
    _name = "nox.billing.rehearsal.line"
    _inherit = ["nox.guarded", "nox.billing.rehearsal.line"]


class NoxCoverageReview(models.TransientModel):
    _name = "nox.coverage.review"
    _inherit = ["nox.guarded", "nox.coverage.review"]


class NoxCoverageReviewLine(models.TransientModel):
    _name = "nox.coverage.review.line"
    _inherit = ["nox.guarded", "nox.coverage.review.line"]


class NoxGoingLive(models.TransientModel):
    _name = "nox.going.live"
    _inherit = ["nox.guarded", "nox.going.live"]


class NoxGoingLiveFault(models.TransientModel):
    _name = "nox.going.live.fault"
    _inherit = ["nox.guarded", "nox.going.live.fault"]


class NoxGoingLiveLine(models.TransientModel):
    _name = "nox.going.live.line"
    _inherit = ["nox.guarded", "nox.going.live.line"]


class NoxNoticePost(models.TransientModel):
    _name = "nox.notice.post"
    _inherit = ["nox.guarded", "nox.notice.post"]


class NoxPbxChangePlan(models.TransientModel):
    _name = "nox.pbx.change.plan"
    _inherit = ["nox.guarded", "nox.pbx.change.plan"]


class NoxPriceIndex(models.TransientModel):
    _name = "nox.price.index"
    _inherit = ["nox.guarded", "nox.price.index"]


class NoxPriceIndexLine(models.TransientModel):
    _name = "nox.price.index.line"
    _inherit = ["nox.guarded", "nox.price.index.line"]


class NoxQuoteProof(models.TransientModel):
    _name = "nox.quote.proof"
    _inherit = ["nox.guarded", "nox.quote.proof"]


class NoxSealUpload(models.TransientModel):
    _name = "nox.seal.upload"
    _inherit = ["nox.guarded", "nox.seal.upload"]


class NoxSeatChange(models.TransientModel):
    _name = "nox.seat.change"
    _inherit = ["nox.guarded", "nox.seat.change"]


class NoxSeatCompare(models.TransientModel):
    _name = "nox.seat.compare"
    _inherit = ["nox.guarded", "nox.seat.compare"]


class NoxSeatCompareColumn(models.TransientModel):
    _name = "nox.seat.compare.column"
    _inherit = ["nox.guarded", "nox.seat.compare.column"]


class NoxSeatCompareLine(models.TransientModel):
    _name = "nox.seat.compare.line"
    _inherit = ["nox.guarded", "nox.seat.compare.line"]


class NoxTicketDrop(models.TransientModel):
    _name = "nox.ticket.drop"
    _inherit = ["nox.guarded", "nox.ticket.drop"]


class NoxTicketSplit(models.TransientModel):
    _name = "nox.ticket.split"
    _inherit = ["nox.guarded", "nox.ticket.split"]


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


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["nox.guarded", "res.config.settings"]


class SaleAdvancePaymentInv(models.TransientModel):
    _name = "sale.advance.payment.inv"
    _inherit = ["nox.guarded", "sale.advance.payment.inv"]


class SaleOrderDiscount(models.TransientModel):
    _name = "sale.order.discount"
    _inherit = ["nox.guarded", "sale.order.discount"]
