"""The products that companies share stand on the plans: before, in code."""

from odoo import SUPERUSER_ID, api

MODULE = "nox_voip_service"
SHARED = {
    "service_plan_standard": {"shared_time_product_id": "product_time"},
    "service_plan_contract": {
        "shared_time_product_id": "product_time",
        "shared_seat_product_id": "product_seat",
    },
    "service_plan_self_managed": {"shared_time_product_id": "product_time"},
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for plan_name, products in SHARED.items() if version else ():
        plan = env.ref(f"{MODULE}.{plan_name}", raise_if_not_found=False)
        for name, product_name in products.items():
            product = env.ref(f"{MODULE}.{product_name}", raise_if_not_found=False)
            if plan and product and not plan[name]:
                plan[name] = product
