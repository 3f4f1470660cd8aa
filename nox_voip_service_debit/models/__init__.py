from . import account_move
from . import contract_contract
from . import nox_billing_run
from . import sale_order
