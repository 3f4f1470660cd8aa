import inspect
import traceback

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Field
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MODULE, NoxVoipMixin
from ..training.test_training import TrainingCase

# In every name of the customer whom others must not hear of.
SECRET = "Zwijgzaam"
CRUD = ("create", "write", "unlink")
MALFORMED = (None, 1, "x", True, [1], ["x"], [[1]], [None], {"x"})


class GuardedMixin(NoxVoipMixin):
    # Whose models are looked at.
    addons = (MODULE,)

    @classmethod
    def _is_ours(cls, model):
        """A class of these addons as it is written, not the one that a registry
        makes."""
        addon = model.__module__.removeprefix("odoo.addons.").partition(".")[0]
        return addon in cls.addons and "pool" not in vars(model)

    @classmethod
    def _models(cls):
        """Every model of ours, and every one that we extend by a field or by what
        can be called."""
        return {
            name: [each for each in model.mro() if cls._is_ours(each)]
            for name, model in cls.env.registry.items()
            if any(
                cls._is_ours(each)
                and each._name == name
                and any(
                    isinstance(value, Field)
                    or (inspect.isfunction(value) and not attribute.startswith("_"))
                    for attribute, value in vars(each).items()
                )
                for each in model.mro()
                if hasattr(each, "_name")
            )
        }

    @classmethod
    def _public_methods(cls, name, classes):
        """What anybody may call over RPC, of our making."""
        model = cls.env.registry[name]
        for method in sorted({each for one in classes for each in vars(one)}):
            function = getattr(model, method, None)
            if method.startswith("_") or not inspect.isfunction(function):
                continue
            if not any(
                getattr(vars(each).get(method), "_api_private", False)
                for each in model.mro()
            ):
                yield method, function


class GuardedCase(GuardedMixin, TrainingCase):
    """A customer who is not heard of: a record of each model of ours, one month
    billed, one question asked, one person certified."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls._customer("Own")
        cls.stranger = cls._portal_user(own, "nox_stranger")
        cls.own_pbx = cls._pbx(name="Own", customer=own)
        cls.secret = cls._customer(SECRET, email=f"info@{SECRET}.example")
        cls.secret_pbx = cls._pbx(
            cls.contract_plan, cls.secret, name=SECRET, note=SECRET
        )
        cls._make_records()
        cls.records = cls._secret_records()

    def setUp(self):
        super().setUp()
        # Odoo's own refusal names the groups who may: the same for each field.
        Access = self.registry["ir.model.access"]
        refuse, said = Access._make_access_error, {}

        def refuse_as_before(access, model, mode):
            key = (model, mode, access.env.uid, access.env.lang)
            if key not in said:
                said[key] = str(refuse(access, model, mode))
            return AccessError(said[key])

        self.patch(Access, "_make_access_error", refuse_as_before)

    @classmethod
    def _make_records(cls):
        month = cls.day.replace(day=1)
        sale = cls._sell(cls.secret_pbx, 7, 2, month, str(month))
        billed = cls._pbx(customer=cls.secret, name=f"{SECRET} 2")
        quoted = cls._ticket(billed, name=SECRET, estimated_minutes=90)
        cls._send(quoted)
        worked = cls._ticket(billed, name=SECRET)
        cls._log(worked, 38, name=SECRET)
        moves = cls._invoice(worked)
        moves[:1]._dispute_line(
            moves.invoice_line_ids.filtered("price_subtotal")[:1].id,
            SECRET,
            cls._contact(cls.secret, SECRET),
        )
        waived = cls._ticket(billed, name=SECRET)
        cls._log(waived, 38, name=SECRET)
        cls.env["nox.block.waiver"].create(
            {"ticket_id": waived.id, "blocks": 1, "reason": SECRET}
        )
        free = cls._ticket(billed, name=SECRET)
        cls.env["nox.coverage.override"].create(
            {"ticket_id": free.id, "coverage": "covered", "reason": SECRET}
        )
        cls.env["nox.stray.mail"].create(
            {
                "name": SECRET,
                "partner_id": cls.secret.id,
                "email_from": f"info@{SECRET}.example",
                "company_id": cls.company.id,
            }
        ).message_post(body=SECRET, message_type="email")
        cls.billing_run = cls.env["nox.billing.run"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["nox.billing.run"].create({"company_id": cls.company.id})
        cls.env["nox.billing.parked"]._park(cls.billing_run, cls.secret, SECRET)
        cls.charge = cls.env["nox.seat.charge"].create(
            {
                "period_id": cls.secret_pbx.period_ids[-1:].id,
                "company_id": cls.company.id,
                "month": month,
                "quantity": 2,
                "price_unit": 7,
                "currency_id": cls.company.currency_id.id,
                "run_id": cls.billing_run.id,
            }
        )
        certified = cls._certified(cls.secret_pbx, SECRET)
        certified.result_remark = SECRET
        trainings = cls._sell_training(1, cls.secret_pbx)
        contract = cls.secret_pbx.period_ids.contract_line_id.contract_id
        contract.name = SECRET
        contract.contract_line_ids.name = SECRET
        for number, order in enumerate(sale | trainings | quoted.service_order_ids):
            # What a number is in the books: a name that tells whose it is.
            cls.env.flush_all()
            cls.env.cr.execute(
                "UPDATE sale_order SET name = %s WHERE id = %s",
                [f"{SECRET}{number}", order.id],
            )
        cls.env.invalidate_all()

    @classmethod
    def _secret_records(cls):
        """Records of the silent customer, of each model that has any."""
        found = {}
        for name in cls._models():
            model = cls.env[name]
            if model._abstract or model._transient:
                continue
            for path in (
                "commercial_partner_id",
                "partner_id.commercial_partner_id",
                "pbx_id.partner_id",
                "ticket_id.commercial_partner_id",
                "order_id.partner_id",
                "move_id.commercial_partner_id",
                "contract_id.partner_id",
            ):
                field = model._fields.get(path.split(".")[0])
                if field and (field.store or field.search):
                    domain = [(path, "=", cls.secret.id)]
                    found[name] = model.with_context(active_test=False).search(domain)
                    if found[name]:
                        break
        return found

    def _value(self, model, field):
        """What a field has already, or something that it could have."""
        record = self.records.get(model, self.env[model])[:1]
        if field.relational:
            ids = record[field.name].ids
            return (ids or [1])[0] if field.type == "many2one" else [(6, 0, ids)]
        if field.type == "selection":
            return next(iter(field.get_values(self.env)), False)
        return {
            "date": str(self.day),
            "datetime": f"{self.day} 09:00:00",
            "char": "x",
            "text": "x",
        }.get(field.type, 1)

    def _values(self, model):
        """A change of each field, one at a time: of its own value, and of nothing."""
        for name, field in self.env[model]._fields.items():
            if name in ("id", "display_name") or field.inherited:
                continue
            value = self._value(model, field)
            yield {name: value}
            yield {name: False}


@tagged("standard", "post_install", "-at_install")
class TestGuarded(GuardedCase):
    """Strangers call every method of ours on records of somebody else."""

    def _arguments(self, model, method, function):
        """Arguments for a method: those of Odoo's own, and something for others."""
        if method == "write":
            return [[vals] for vals in self._values(model)]
        if method == "create":
            together = {}
            for vals in self._values(model):
                together = vals | together
            return [[[{}]], [[together]]]
        if method == "load":
            return [[["id", "name"], [["1", "x"]]]]
        required = [
            each
            for each in list(inspect.signature(function).parameters.values())[1:]
            if each.default is each.empty
            and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
        ]
        return [[{}] * len(required), [[1]] * len(required)]

    def _answer(self, user, model, method, ids, arguments):
        """What the caller gets to see, and where our own code broke."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint()
        try:
            called = self.env[model].with_user(user)
            args = list(arguments)
            if not getattr(getattr(called, method), "_api_model", False):
                args = [ids, *args]
            return repr(call_kw(called, method, args, {})), None
        except Exception as refusal:  # noqa: BLE001 the kind is what is looked at
            frame = traceback.extract_tb(refusal.__traceback__)[-1]
            broken = (
                isinstance(refusal, AttributeError | TypeError | KeyError | IndexError)
                and f"/{MODULE}/" in frame.filename
            )
            return str(refusal), f"{frame.filename}:{frame.lineno}" if broken else None
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def test_no_method_tells_of_somebody_else(self):
        """Whatever is called, no name of the other customer comes back."""
        called = set()
        for model, classes in self._models().items():
            if self.env[model]._abstract:
                continue
            ids = self.records.get(model, self.env[model]).ids or [1]
            methods = dict(self._public_methods(model, classes))
            for method in {*methods, *CRUD}:
                function = getattr(self.env.registry[model], method)
                tried = self._arguments(model, method, function)
                for user, arguments in (
                    *((self.stranger, each) for each in tried),
                    (self.env.ref("base.public_user"), tried[-1]),
                ):
                    answer, broken = self._answer(user, model, method, ids, arguments)
                    called.add((model, method))
                    if SECRET in answer or broken:
                        with self.subTest(model=model, method=method):
                            self.fail(f"{user.login} {arguments}: {answer} {broken}")
        for expected in (
            ("nox.pbx", "write"),
            ("contract.line", "write"),
            ("helpdesk.ticket", "action_send_quote"),
            ("account.move", "button_draft"),
        ):
            self.assertIn(expected, called)

    def test_there_is_something_to_tell(self):
        for model in (
            "account.analytic.line",
            "account.move",
            "account.move.line",
            "contract.contract",
            "contract.line",
            "helpdesk.ticket",
            "nox.admin.training",
            "nox.block.waiver",
            "nox.invoice.dispute",
            "nox.pbx",
            "nox.pbx.plan",
            "nox.pbx.seat",
            "nox.seat.charge",
            "nox.stray.mail",
            "res.partner",
            "sale.order",
            "sale.order.line",
        ):
            with self.subTest(model=model):
                self.assertTrue(self.records.get(model))

    def test_every_model_of_ours_is_guarded(self):
        """In front of our slices, so that access comes before their rules."""
        guard = self.env.registry["nox.guarded"]
        for name, classes in self._models().items():
            model = self.env.registry[name]
            if model._abstract:
                continue
            with self.subTest(model=name):
                self.assertTrue(issubclass(model, guard))
                order = model.mro()
                for each in classes:
                    if each in guard.mro() or not vars(each).keys() & set(CRUD):
                        continue
                    self.assertLess(order.index(guard), order.index(each))

    @mute_logger("odoo.sql_db")
    def test_malformed_values_are_refused_with_a_sentence(self):
        for name in self._models():
            model = self.env[name]
            if model._abstract:
                continue
            record = self.records.get(name, model)[:1]
            for value in MALFORMED:
                for method, arguments in (
                    ("write", [record.ids or [1], value]),
                    ("create", [value]),
                ):
                    with (
                        self.subTest(model=name, method=method, value=value),
                        self.assertRaises(ValidationError) as said,
                    ):
                        self._rpc(self.env.user, name, method, *arguments)
                    self.assertSentence(said)
