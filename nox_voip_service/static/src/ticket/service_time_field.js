import { registry } from "@web/core/registry";
import { FloatTimeField, floatTimeField } from "@web/views/fields/float_time/float_time_field";
import { useInputField } from "@web/views/fields/input_field_hook";
import { useNumpadDecimal } from "@web/views/fields/numpad_decimal_hook";
import { parseDuration } from "./duration";

/** Odoo's time field that also understands "20m" and "1h20". */
export class ServiceTimeField extends FloatTimeField {
    setup() {
        this.inputFloatTimeRef = useInputField({
            getValue: () => this.formattedValue,
            refName: "numpadDecimal",
            parse: (value) => parseDuration(value),
        });
        useNumpadDecimal();
    }
}

export const serviceTimeField = { ...floatTimeField, component: ServiceTimeField };

registry.category("fields").add("nox_service_time", serviceTimeField);
