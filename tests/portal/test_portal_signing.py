from odoo.tests import HttpCase, tagged

from ..common import NoxVoipMixin
from ..common_chromium import BrowserMixin

SIGN = """
    const until = async (find) => {
        for (let tries = 0; tries < 200; tries++) {
            const found = find();
            if (found) return found;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error("not found: " + find);
    };
    (async () => {
        window.navigation.addEventListener("navigate", (event) => {
            if (event.destination.url.includes("message=sign_ok")) {
                console.log("test successful");
            }
        });
        (await until(() => document.querySelector("[data-bs-target='#modalaccept']")))
            .click();
        await until(() => document.querySelector("#modalaccept.show canvas"));
        const submit = await until(() =>
            document.querySelector("#modalaccept .o_portal_sign_submit:not([disabled])")
        );
        const name = document.querySelector("#modalaccept input[name=signer]");
        if (name.value !== "%(name)s") throw new Error("name: " + name.value);
        const box = submit.getBoundingClientRect();
        if (box.right > window.innerWidth || box.left < 0) {
            throw new Error("the button is outside of the screen");
        }
        // The name is drawn, wiped once the form has faded in, and drawn again.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const canvas = document.querySelector("#modalaccept canvas");
        await until(() =>
            canvas.width &&
            canvas
                .getContext("2d")
                .getImageData(0, 0, canvas.width, canvas.height)
                .data.some(Boolean)
        );
        submit.click();
    })().catch((error) => console.error(error.message));
"""


class SigningMixin(BrowserMixin, NoxVoipMixin):
    """Open the page, press Accept, sign, and find the quote approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpNox()
        cls.pbx = cls._pbx(cls.standard)
        cls.portal = cls._portal_user(cls.customer, "nox_portal")

    def test_sign_in_a_browser(self):
        ticket = self._ticket(self.pbx, estimated_minutes=90)
        quote = self._send(ticket)
        self.env.flush_all()
        self.browser_js(
            f"/my/orders/{quote.id}",
            SIGN % {"name": "nox_portal"},
            # The form is there once all scripts are: a click before that is lost.
            ready="!!document.querySelector('#modalaccept .o_portal_sign_submit')",
            login="nox_portal",
            timeout=120,
        )
        self.env.invalidate_all()
        self.assertEqual(ticket.approval_state, "approved")
        self.assertEqual(quote.signed_by, "nox_portal")
        self.assertTrue(quote.signature)
        self.assertTrue(quote.locked)


@tagged("standard", "post_install", "-at_install")
class TestSigningOnADesk(SigningMixin, HttpCase):
    browser_size = "1400x1000"


@tagged("standard", "post_install", "-at_install")
class TestSigningOnAPhone(SigningMixin, HttpCase):
    browser_size = "390x844"
    touch_enabled = True
