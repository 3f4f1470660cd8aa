import base64
import hashlib
from unittest.mock import patch

from pyhanko.sign.timestamps import TimestampRequestError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.nox_voip_service.models.base import sealing

from ..common_seal import (
    SealCase,
    check,
    hole,
    is_whole,
    paper,
    pkcs12_file,
    time_stamper,
)


@tagged("standard", "post_install", "-at_install")
class TestSeal(SealCase):
    """The copy of an approval is sealed once, and no approval is lost for it."""

    def _seals(self, quote):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", quote.id),
                (
                    "activity_type_id",
                    "=",
                    self.env.ref("nox_voip_service.mail_activity_seal_waits").id,
                ),
            ]
        )

    def _really_printing(self):
        report = self.registry["ir.actions.report"]
        printed = report._render_qweb_pdf

        def render(self, *args, **kwargs):
            return printed(
                self.with_context(force_report_rendering=True), *args, **kwargs
            )

        return patch.object(report, "_render_qweb_pdf", render)

    # ------------------------------------------------------------------
    # THE GRADE
    # ------------------------------------------------------------------

    def test_chosen_where_the_library_is(self):
        with patch.object(sealing, "is_available", lambda: False):
            with self.assertRaisesRegex(ValidationError, "the README says how"):
                self._rows((100, "signed"))
        self._rows((100, "signed"))

    def test_it_asks_the_customer_for_a_code(self):
        quote = self._quote("signed")
        self.authenticate("nox_portal", "nox_portal")
        self.assertIn("code that we mail", self._accept(quote)["error"])
        self.authenticate(None, None)
        self.assertIn("after logging in", self._accept(quote)["error"])
        self.assertEqual(quote.state, "sent")

    def test_other_approvals_are_not_sealed(self):
        self.env["nox.seal"]._make_own(self.company)
        staff, code = self._quote("signed"), self._quote("code")
        dialog = (
            self.env["nox.quote.proof"]
            .with_user(self.coordinator)
            .with_context(default_order_id=staff.id)
            .create({"signed_by": "Anna", "proof": "UHJvb2Y="})
        )
        dialog.action_approve()
        with self.printing:
            self._approve_with_code(code)
        self._seal_all()
        self.assertEqual(staff.service_approval_grade, "staff")
        self.assertEqual(code.service_approval_grade, "code")
        self.assertFalse((staff | code).service_sealed_copy_id)

    # ------------------------------------------------------------------
    # THE SEAL
    # ------------------------------------------------------------------

    def test_sealed_once_and_never_printed_again(self):
        self.env["nox.seal"]._make_own(self.company)
        quote = self._approved_quote()
        self.assertEqual(
            (quote.state, quote.service_approval_grade, quote.service_seal_state),
            ("sale", "code", "waits"),
        )
        self.assertIn(
            "your approval counts already", self.url_open(quote.get_portal_url()).text
        )
        self._seal_all()
        self.assertEqual(quote.service_approval_grade, "signed")
        copy = quote.service_sealed_copy_id
        sealed = copy.raw
        self.assertTrue(sealed.startswith(self.printed), "as the customer saw it")
        self.assertTrue(is_whole(sealed))
        self.assertEqual(quote.service_sealed_hash, hashlib.sha256(sealed).hexdigest())
        self.assertEqual(quote.service_signed_copy_id.raw, self.printed)
        # Nothing that comes later makes another one.
        self.customer.name = "Another name"
        self.env["nox.seal"]._make_own(self.company)
        self._seal_all()
        quote._seal_copy()
        self.assertEqual(quote.service_sealed_copy_id, copy)
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content = report._render_qweb_pdf("sale.action_report_saleorder", quote.ids)[0]
        self.assertEqual(content, sealed)
        self.env.flush_all()
        page = self.url_open(quote.get_portal_url())
        self.assertIn("was sealed on", page.text)
        url = quote.get_portal_url(report_type="pdf", download=True)
        with self._really_printing():
            self.assertEqual(self.url_open(url).content, sealed)

    def test_each_changed_byte_is_caught(self):
        self.env["nox.seal"]._make_own(self.company)
        sealed = self.env["nox.seal"].search([], limit=1)._seal(paper(), "Anna", None)
        self.assertTrue(is_whole(sealed))
        start, end = hole(sealed)
        places = [*range(0, start, 40), start, end - 1, *range(end, len(sealed) - 1, 9)]
        for place in places:
            other = bytearray(sealed)
            other[place] ^= 1
            with self.subTest(place=place):
                self.assertFalse(is_whole(bytes(other)))
        # Of the seal itself: its beginning, which says what it is.
        for place in range(start + 1, start + 1200, 97):
            other = sealed[:place] + b"g" + sealed[place + 1 :]
            with self.subTest(seal=place):
                self.assertFalse(is_whole(other))
        self.assertFalse(is_whole(sealed + b"\n% and this\n"))
        self.assertFalse(is_whole(paper()))

    def test_with_a_time_stamp(self):
        self.env["nox.seal"]._make_own(self.company)
        self.company.service_tsa_url = "https://stamp.example/tsa"
        stamper, asked = time_stamper(), []

        def stamp(url):
            asked.append(url)
            return stamper

        quote = self._approved_quote()
        with patch.object(sealing, "time_stamper", stamp):
            self._seal_all()
        self.assertEqual(asked, ["https://stamp.example/tsa"])
        status = check(quote.service_sealed_copy_id.raw)
        self.assertTrue(status.timestamp_validity.intact)
        self.assertTrue(status.timestamp_validity.valid)

    def test_the_quote_that_odoo_prints(self):
        """With the electronic order that Odoo puts into it, and a key as long as that
        of every company."""
        with patch.object(sealing, "OWN_KEY_BITS", self.own_key_bits):
            self.env["nox.seal"]._make_own(self.company)
        quote = self._send(self._ticket(self.pbx, estimated_minutes=90))
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        printed = report._render_qweb_pdf("sale.action_report_saleorder", quote.ids)[0]
        seal = self.env["nox.seal"].search([], limit=1)
        self.assertTrue(is_whole(seal._seal(printed, "Anna", None)))

    # ------------------------------------------------------------------
    # WHAT GOES WRONG
    # ------------------------------------------------------------------

    def _set_certificate(self, shift_days):
        self.env["nox.seal"]._keep(self.company, *pkcs12_file(shift_days))

    def test_no_approval_is_lost(self):
        """Whatever is wrong: it is approved, the manager hears why, once of each quote,
        and it is sealed when it can be."""

        def down(url):
            raise TimestampRequestError("no answer")

        nothing = patch.object(sealing, "is_available", lambda: True)
        for problem, shift, fault, sentence in (
            ("no_certificate", None, nothing, "add one in the settings"),
            ("expired", -3000, nothing, "add a newer one"),
            ("not_yet", 30, nothing, "not valid yet"),
            (
                "no_library",
                0,
                patch.object(sealing, "is_available", lambda: False),
                "pyHanko is not installed",
            ),
            (
                "no_stamp",
                0,
                patch.object(sealing, "time_stamper", down),
                "does not answer",
            ),
        ):
            self.company.service_seal_id = False
            if shift is not None:
                self._set_certificate(shift)
            quotes = self._approved_quote()
            if problem in ("no_certificate", "no_stamp"):
                quotes |= self._approved_quote()
            with self.subTest(problem=problem):
                with fault:
                    self._seal_all()
                    self._seal_all()
                for quote in quotes:
                    self.assertState(
                        quote,
                        state="sale",
                        service_seal_problem=problem,
                        service_approval_grade="code",
                    )
                    activity = self._seals(quote)
                    self.assertEqual(len(activity), 1)
                    self.assertIn(sentence, activity.note)
                    self.assertTrue(
                        activity.user_id.has_group("nox_voip_service.group_manager")
                    )
            self._set_certificate(0)
            self._seal_all()
            for quote in quotes:
                self.assertState(
                    quote, service_seal_state="sealed", service_seal_problem=False
                )
                self.assertFalse(self._seals(quote))

    def test_one_quote_does_not_stop_the_next(self):
        self._set_certificate(0)
        changed, no_pdf, good = (self._approved_quote() for _each in range(3))
        changed.service_signed_copy_id.raw = paper("at another price")
        no_pdf.service_signed_copy_id.raw = b"<html/>"
        no_pdf.service_copy_hash = hashlib.sha256(b"<html/>").hexdigest()
        self._seal_all()
        self.assertEqual(changed.service_seal_problem, "changed")
        self.assertEqual(no_pdf.service_seal_problem, "no_pdf")
        self.assertEqual(good.service_seal_state, "sealed")

    # ------------------------------------------------------------------
    # THE CERTIFICATE
    # ------------------------------------------------------------------

    def test_an_uploaded_certificate(self):
        content, password = pkcs12_file()
        system = self.env.ref("base.user_admin")
        Upload = self.env["nox.seal.upload"].with_user(system)
        values = {"content": base64.b64encode(content), "password": "another"}
        for wrong in (values, {**values, "content": base64.b64encode(b"no file")}):
            with self.assertRaisesRegex(ValidationError, "not the right one"):
                with self.cr.savepoint():
                    Upload.create(wrong)
        upload = Upload.create({**values, "password": password})
        upload.action_use()
        self.assertFalse(upload.exists(), "the password stays nowhere else")
        seal = self.env.company.sudo().service_seal_id
        self.assertEqual(seal.name, "Nox Telecom")
        self.assertFalse(seal.is_own)
        self.assertTrue(is_whole(seal._seal(paper(), "Anna", None)))

    def test_nobody_reads_the_key(self):
        seal = self.env["nox.seal"]._make_own(self.company)
        system = new_test_user(
            self.env, login="nox_system", groups="base.group_system,base.group_user"
        )
        system.company_ids |= self.company
        own = seal.with_user(system)
        self.assertTrue(own.read(["name", "valid_until"]))
        for name in ("content", "password"):
            self.assertNotIn(name, own.fields_get())
            self.assertNotIn(name, own.read()[0])
            for method, *args in (
                ("read", [name]),
                ("search", [(name, "in", ["x"])]),
                ("search_read", [], [name]),
                ("web_read", {name: {}}),
                ("export_data", [name]),
                ("write", {name: "x"}),
            ):
                # As a request finds it, with nothing read before.
                self.env.invalidate_all()
                with self.subTest(name, method=method):
                    with self.assertRaises(AccessError):
                        getattr(own, method)(*args)
        self.assertFalse(
            self.env["ir.attachment"].sudo().search([("res_model", "=", "nox.seal")])
        )
        for user in (self.manager, self.coordinator, self.accountant, self.portal):
            with self.assertRaises(AccessError):
                seal.with_user(user).read(["name"])
            settings = self.env["res.config.settings"].with_user(user)
            with self.assertRaises(AccessError):
                settings.action_make_seal()
            with self.assertRaises(AccessError):
                settings.action_upload_seal()
            with self.assertRaises(AccessError):
                self.env["nox.seal.upload"].with_user(user).create({"content": "eA=="})

    def test_the_address_of_a_time_stamp_service(self):
        for address in ("stamp.example", "ftp://stamp.example", "http://", "file:///x"):
            with self.subTest(address=address):
                with self.assertRaisesRegex(ValidationError, "https://"):
                    self.company.service_tsa_url = address
