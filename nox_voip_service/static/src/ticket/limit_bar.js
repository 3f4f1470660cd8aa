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
        const { worked_minutes: worked, limit_minutes: limit, limit_parts } =
            this.props.record.data;
        const parts = [
            { minutes: limit_parts.released, label: _t("released"), color: "bg-success" },
            { minutes: limit_parts.approved, label: _t("approved"), color: "bg-info" },
            { minutes: limit_parts.held, label: _t("held"), color: "bg-danger" },
        ];
        const whole = Math.max(limit, worked) || 1;
        return parts
            .filter((part) => part.minutes > 0)
            .map((part) => ({ ...part, width: (100 * part.minutes) / whole }));
    }
}

export const limitBar = {
    component: LimitBar,
    fieldDependencies: [
        { name: "worked_minutes", type: "integer" },
        { name: "limit_minutes", type: "integer" },
        { name: "limit_parts", type: "json" },
    ],
};

registry.category("view_widgets").add("nox_limit_bar", limitBar);
