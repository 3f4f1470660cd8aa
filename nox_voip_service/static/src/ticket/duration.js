import { parseFloatTime } from "@web/views/fields/parsers";

const IN_WORDS =
    /^(?:(\d+)\s*(?:h|hours?|u|uur))?\s*(?:(\d+)\s*(?:m|mins?|minutes?|minuten)?)?\.?$/;
const HAS_UNIT = /[a-z]/;

/**
 * Hours of a duration as people write it: "0:20", "20m", "20 min", "1h20", "1 u 20",
 * and decimal hours as everywhere in Odoo. What is none of these is refused by
 * the parser of Odoo's own field.
 *
 * @param {string} value
 * @returns {number} hours
 */
export function parseDuration(value) {
    const text = value.trim().toLowerCase();
    const found = HAS_UNIT.test(text) && text.match(IN_WORDS);
    if (found) {
        return Number(found[1] || 0) + Number(found[2] || 0) / 60;
    }
    return parseFloatTime(value);
}
