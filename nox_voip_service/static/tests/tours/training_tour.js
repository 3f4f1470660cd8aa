import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** People look before they go on; a dialog that is read again drops a choice. */
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const PAUSE = { trigger: ".modal .o_form_view", run: () => wait(500) };
const CLOSED = { trigger: "body:not(:has(.modal))", run: () => wait(500) };

function sees(selector, text) {
    return { trigger: `${selector}:contains(${text})` };
}

/** Choose a record by its name in a field of a dialog. */
function choose(within, name) {
    return [
        { trigger: `.modal ${within} input`, run: `edit ${name}` },
        {
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(${name})`,
            run: "click",
        },
        PAUSE,
    ];
}

/** From the PBX to the list of its places, all of them ticked. */
function tickPlaces() {
    return [
        { trigger: "button[name=action_view_trainings]", run: "click" },
        { trigger: ".o_kanban_view" },
        { trigger: ".o_cp_switch_buttons .o_list", run: "click" },
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_list_view tbody tr:nth-child(2) .o_list_record_selector input:checked" },
    ];
}

const row = (number, field) => `.o_data_row:nth-child(${number}) td[name=${field}]`;

// A coordinator gives two sold places a person, a day and a trainer.
tours.add("nox_training_plan", {
    steps: () => [
        ...tickPlaces(),
        { trigger: ".o_control_panel button[name=action_plan]", run: "click" },
        { trigger: ".modal .o_field_widget[name=start_at] input", run: "edit -1d" },
        ...choose(".o_field_widget[name=trainer_id]", "Technician"),
        { trigger: `.modal ${row(1, "partner_id")}`, run: "click" },
        ...choose(row(1, "partner_id"), "Anna de Vries"),
        { trigger: `.modal ${row(2, "partner_id")}`, run: "click" },
        ...choose(row(2, "partner_id"), "Bert Bakker"),
        { trigger: ".modal button[name=action_apply]", run: "click" },
        CLOSED,
        sees(".o_list_view .o_data_row:contains(Anna de Vries)", "Planned"),
        sees(".o_list_view .o_data_row:contains(Bert Bakker)", "Planned"),
        // The same places by state, and by day.
        { trigger: ".o_cp_switch_buttons .o_kanban", run: "click" },
        sees(".o_kanban_group:contains(Planned) .o_kanban_record", "Anna de Vries"),
        sees(".o_kanban_group", "No-show"),
        { trigger: ".o_cp_switch_buttons .o_calendar", run: "click" },
        { trigger: ".o_calendar_view .fc-view" },
    ],
});

// Everybody passed, but for one; who passed has a certificate.
tours.add("nox_training_result", {
    steps: () => [
        ...tickPlaces(),
        { trigger: ".o_control_panel button[name=action_give_result]", run: "click" },
        { trigger: ".modal button[name=action_all_passed]", run: "click" },
        sees(".modal .o_data_row:contains(Bert Bakker)", "Passed"),
        PAUSE,
        { trigger: ".modal .o_data_row:contains(Bert Bakker) td[name=result]", run: "click" },
        {
            trigger: ".modal .o_data_row:contains(Bert Bakker) td[name=result] .o_select_menu input",
            run: "click",
        },
        { trigger: ".o_select_menu_item:contains(Failed)", run: "click" },
        PAUSE,
        { trigger: ".modal button[name=action_apply]", run: "click" },
        CLOSED,
        sees(".o_list_view .o_data_row:contains(Bert Bakker)", "Failed"),
        sees(".o_list_view .o_data_row:contains(Anna de Vries)", "Passed"),
        {
            trigger: ".o_list_view .o_data_row:contains(Anna de Vries) td[name=partner_id]",
            run: "click",
        },
        sees(".o_form_view .o_field_widget[name=certificate_number]", "CERT/"),
        { trigger: ".o_form_view button[name=action_print_certificate]" },
    ],
});
