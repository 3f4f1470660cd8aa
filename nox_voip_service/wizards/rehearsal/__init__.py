"""Every customer's next invoice before it is made."""

from . import nox_billing_rehearsal
from . import nox_billing_rehearsal_invoice
from . import nox_billing_rehearsal_compare
from . import nox_billing_rehearsal_xlsx
from . import nox_billing_rehearsal_line
from . import nox_billing_rehearsal_detail
