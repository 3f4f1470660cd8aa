import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * From the approver's mail straight to the window to sign: one tap, and the signature
 * is still the customer's own. Who may not sign has no button, and sees the page.
 */
export class QuoteSign extends Interaction {
    static selector = "#modalaccept";

    start() {
        const button = document.querySelector("a[data-bs-target='#modalaccept']");
        const address = new URL(window.location.href);
        if (!button || !address.searchParams.has("sign")) {
            return;
        }
        // Back from the next page: the window does not open by itself again.
        address.searchParams.delete("sign");
        window.history.replaceState(null, "", address);
        button.click();
    }
}

registry.category("public.interactions").add("nox_voip_service.quote_sign", QuoteSign);
