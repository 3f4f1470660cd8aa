from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin
from ..common_chromium import BrowserMixin

HELPERS = """
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const shown = (element) => element && element.offsetParent !== null;
async function see(selector, text) {
    for (let tries = 0; tries < 150; tries++) {
        const found = [...document.querySelectorAll(selector)].find(
            (each) => shown(each) && (!text || each.textContent.includes(text))
        );
        if (found) { return found; }
        await wait(100);
    }
    throw new Error(`not seen: ${selector} ${text || ""}`);
}
async function until(condition, otherwise) {
    for (let tries = 0; tries < 150; tries++) {
        if (condition()) { return; }
        await wait(100);
    }
    throw new Error(otherwise);
}
async function click(selector, text) {
    const found = await see(selector, text);
    found.click();
    await wait(300);
}
"""


@tagged("standard", "post_install", "-at_install")
class TestRunBrowser(BrowserMixin, NoxVoipMixin, HttpCase):
    """The accountant's first of the month, by mouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        today = cls.company._service_today()
        cls.last_month = fields.Date.subtract(today.replace(day=1), months=1)
        cls.customer = cls._customer("Aannemer Browser", email=False)
        cls.pbx = cls._pbx(
            customer=cls.customer, name="Browser", accepted_on=date(2025, 1, 1)
        )
        cls._sell(cls.pbx, 10, 2, cls.last_month, fields.Date.to_string(cls.last_month))
        runs = cls.env["nox.billing.run"].search(
            [("company_id", "=", cls.company.id), ("month", "=", cls.last_month)]
        )
        # A run of the demo's month would stand in the way of the one made here.
        runs.month = date(1999, 1, 1)
        cls.accountant.password = "accountant-of-the-month"  # noqa: S105

    def _script(self, steps):
        return f"""
            {HELPERS}
            (async () => {{
                {steps}
                console.log("test successful");
            }})().catch((error) => console.error(error.message));
        """

    def _open(self, action, steps):
        self.browser_js(
            f"/odoo/action-{action}",
            self._script(steps),
            ready="!!document.querySelector('.o_action_manager > .o_action')",
            login=self.accountant.login,
            timeout=90,
        )

    def _own_run(self):
        return self.env["nox.billing.run"].search(
            [("company_id", "=", self.company.id), ("month", "=", self.last_month)]
        )

    def test_accountant_rehearses_fixes_runs_and_opens_an_invoice(self):
        # 1. The rehearsal warns; the customer's e-mail is filled in; again: no warning.
        self._open(
            "nox_voip_service.nox_billing_rehearsal_action",
            """
            const row = await see("tr.o_data_row", "Aannemer Browser");
            if (!row.textContent.includes("no e-mail address")) {
                throw new Error("no warning");
            }
            row.querySelector("td[name='users']").click();
            await click("button[name='action_view_customer']");
            const mail = await see("div[name='email'] input");
            mail.value = "info@aannemer.example";
            mail.dispatchEvent(new Event("input", {bubbles: true}));
            mail.dispatchEvent(new Event("change", {bubbles: true}));
            await click(".o_form_button_save");
            const dirty = () => document.querySelector(".o_form_dirty");
            await until(() => !dirty(), "not saved");
            """,
        )
        self.assertEqual(self.customer.email, "info@aannemer.example")
        self._open(
            "nox_voip_service.nox_billing_rehearsal_action",
            """
            await see("tr.o_data_row", "Aannemer Browser");
            await click("button[name='action_rehearse_again']");
            const row = () => [...document.querySelectorAll("tr.o_data_row")].find(
                (each) => each.textContent.includes("Aannemer Browser")
            );
            await until(
                () => row() && !row().textContent.includes("no e-mail address"),
                "still a warning"
            );
            await click("button[name='action_open_run']");
            await click("button[name='action_run']", "Run");
            await click(".modal-footer button.btn-primary");
            await see(".o_notification", "started in the background");
            await see(".alert-info", "works in the background");
            """,
        )
        run = self._own_run()
        self.assertEqual(run.state, "running")
        # 2. The job does its work, as the scheduler lets it.
        due = self.registry["nox.billing.run"]._customers_due
        with (
            patch.object(
                self.registry["nox.billing.run"],
                "_customers_due",
                lambda run, *args: due(run, *args) & self.customer.with_env(run.env),
            ),
            freeze_time(fields.Datetime.now()),
        ):
            self.env.ref("nox_voip_service.cron_billing_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        # 3. Progress and the invoice.
        self._open(
            "nox_voip_service.nox_billing_run_action",
            """
            await click("tr.o_data_row td[name='month']");
            const bar = await see("div[name='progress']");
            if (!bar.textContent.includes("100")) {
                throw new Error("no progress: " + bar.textContent);
            }
            await click("button[name='action_view_invoices']");
            const row = await see("tr.o_data_row", "Aannemer Browser");
            row.querySelector("td.o_data_cell:nth-child(3)").click();
            await see("div[name='invoice_line_ids']", "2 users");
            """,
        )
