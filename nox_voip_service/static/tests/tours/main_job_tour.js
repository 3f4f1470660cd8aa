import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Choose a record in a many2one field by its name. */
function choose(field, name) {
    return [
        { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${name}` },
        {
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(${name})`,
            run: "click",
        },
    ];
}

/** People look before they go on; a form that is read again meanwhile drops a choice. */
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const PAUSE = { trigger: ".o_form_view", run: () => wait(800) };

/** Choose a value in a selection field, again if the form was read again meanwhile. */
function select(field, label) {
    const input = `.o_field_widget[name=${field}] .o_select_menu input`;
    const item = `.o_field_selection_menu .o_select_menu_item:contains(${label})`;
    return [
        {
            trigger: input,
            async run({ click }) {
                for (let tries = 0; tries < 10; tries++) {
                    await click(input);
                    await wait(500);
                    try {
                        await click(item);
                    } catch {
                        continue; // the menu closed under our hand
                    }
                    await wait(500);
                    if (document.querySelector(input)?.value === label) {
                        return;
                    }
                }
            },
        },
        { trigger: `${input}:value(${label})` },
    ];
}

function save() {
    return [
        { trigger: ".o_form_button_save:enabled", run: "click" },
        { trigger: ".o_form_saved" },
        PAUSE,
    ];
}

/** Log time in the line at the top of the ticket. */
function log(time, note) {
    return [
        { trigger: ".o_field_widget[name=log_note] input", run: `edit ${note}` },
        { trigger: ".o_field_widget[name=log_hours] input", run: `edit ${time}` },
        { trigger: ".o_field_widget[name=log_note] input", run: "click" },
        { trigger: "button[name=action_log_time]", run: "click" },
    ];
}

/** The form has its saved record back: until then what is typed is thrown away. */
const SETTLED = {
    trigger: ".o_form_view .o_form_button_create:enabled",
    run: () => wait(800),
};

function sees(selector, text) {
    return { trigger: `${selector}:contains(${text})` };
}

const REASON = ".o_field_widget[name=coverage_reason]";
const VERDICT = ".o_field_widget[name=coverage]";
const APPROVAL = ".o_field_widget[name=approval_state]";
const LIMIT = ".o_field_widget[name=limit_text]";
const NEXT = ".o_field_widget[name=next_step]";

// A technician takes a request in, fills in the missing fact, works to the hour, is
// warned, is stopped, estimates and sends the quote.
tours.add("nox_main_job_intake", {
    steps: () => [
        { trigger: ".o_field_widget[name=name] input", run: "edit A colleague more" },
        ...choose("partner_id", "Bakkerij De Vries"),
        ...choose("category_id", "Add a user"),
        {
            trigger: ".o_field_widget[name=description] .odoo-editor-editable .o-paragraph",
            run: "editor Please add Anna, extension 104",
        },
        ...save(),
        sees(VERDICT, "Undecided"),
        sees(".o_field_widget[name=coverage_question]", "Replaces a user"),
        ...select("replaces_user", "No"),
        ...save(),
        sees(VERDICT, "Billable"),
        { trigger: `${REASON} span:not(:empty)` },
        ...log("45m", "Made the extension"),
        SETTLED,
        sees(LIMIT, "45 of 60 minutes"),
        sees(".o-mail-Activity", "45 minutes worked"),
        ...log("0:16", "Call groups"),
        SETTLED,
        sees(LIMIT, "1 min held"),
        sees(APPROVAL, "Quote needed"),
        sees(NEXT, "estimate"),
        // More time is refused with a sentence, and what was typed stays.
        ...log("20 min", "Voicemail"),
        sees(".modal .modal-body, .o_notification", "needs a quote first"),
        { trigger: ".modal .modal-footer .btn-primary, .o_notification_close", run: "click" },
        { trigger: ".o_field_widget[name=log_hours] input:value(00:20)" },
        { trigger: ".o_form_button_cancel", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: ".o_field_widget[name=estimated_hours] input", run: "edit 1h30" },
        ...save(),
        sees(NEXT, "Send quote"),
        { trigger: "button[name=action_send_quote]", run: "click" },
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        sees(APPROVAL, "Waiting for approval"),
    ],
});

// The customer reads verdict and reason, opens the quote and signs it.
tours.add("nox_main_job_sign", {
    steps: () => [
        { trigger: ".badge:contains(Billed by the time worked)" },
        {
            trigger: "a:contains(View and approve the quote)",
            run: "click",
            expectUnloadPage: true,
        },
        sees(".alert", "The work starts after your approval"),
        { trigger: "[data-bs-target='#modalaccept']:visible", run: "click" },
        {
            trigger: "#modalaccept.show .o_portal_sign_submit:enabled",
            // The name is drawn, wiped once the form has faded in, and drawn again.
            async run({ click }) {
                await wait(1500);
                const canvas = document.querySelector("#modalaccept canvas");
                const drawn = () =>
                    canvas.width &&
                    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
                for (let tries = 0; tries < 100 && !drawn(); tries++) {
                    await wait(100);
                }
                await click();
            },
            expectUnloadPage: true,
        },
        // The signed PDF is printed before the page comes.
        { trigger: ".alert-success:contains(Approved: we do the work)", timeout: 60000 },
    ],
});

// The technician does the rest of the work and closes the ticket.
tours.add("nox_main_job_work", {
    steps: () => [
        sees(APPROVAL, "Approved"),
        ...log("0:29", "Voicemail and test calls"),
        sees(LIMIT, "90 of 90 minutes"),
        { trigger: ".o_field_widget[name=log_hours] input:value(00:00)" },
        {
            trigger: ".o_form_saved",
            // The form is read again after a button; a person looks at it first.
            run: () => wait(1000),
        },
        {
            trigger: ".o_statusbar_status button.dropdown-toggle:not(.d-none), .o_statusbar_status button:contains(Done)",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button:contains(Done), .o-dropdown-item:contains(Done)",
            run: "click",
        },
        sees(NEXT, "Update the users"),
        sees(".o-mail-Message", "Done"),
        { trigger: ".o_form_saved" },
    ],
});

// The accountant invoices what is finished, and reads what the customer will read.
tours.add("nox_main_job_invoice", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(A colleague more) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_invoice_service_work]",
            run: "click",
        },
        sees(".o_form_view .o_field_widget[name=invoice_line_ids]", "A colleague more"),
        sees(".o_field_widget[name=invoice_line_ids]", "Worked: 90 minutes"),
        { trigger: "button[name=action_post]:visible", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Posted)" },
    ],
});
