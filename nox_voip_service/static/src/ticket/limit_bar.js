import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * The limit of a ticket as a bar: minutes worked that were released, that were
 * approved, that are held; and what is left of the limit.
 */
export class LimitBar extends Component {
    static template = "nox_voip_service.LimitBar";
    static props = { ...standardWidgetProps };

    get segments() {
        const data = this.props.record.data;
        const worked = data.worked_minutes;
        const held = data.held_minutes;
        // Released minutes fill their last block before the approved blocks count.
        const approved = Math.min(
            Math.max(worked - held - data.released_minutes, 0),
            data.approved_minutes
        );
        const parts = [
            { minutes: worked - held - approved, label: _t("released"), color: "bg-success" },
            { minutes: approved, label: _t("approved"), color: "bg-info" },
            { minutes: held, label: _t("held"), color: "bg-danger" },
        ];
        const whole = Math.max(data.limit_minutes, worked) || 1;
        return parts
            .filter((part) => part.minutes > 0)
            .map((part) => ({ ...part, width: (100 * part.minutes) / whole }));
    }
}

export const limitBar = {
    component: LimitBar,
    fieldDependencies: [
        { name: "worked_minutes", type: "integer" },
        { name: "released_minutes", type: "integer" },
        { name: "held_minutes", type: "integer" },
        { name: "limit_minutes", type: "integer" },
        { name: "approved_minutes", type: "integer" },
    ],
};

registry.category("view_widgets").add("nox_limit_bar", limitBar);
