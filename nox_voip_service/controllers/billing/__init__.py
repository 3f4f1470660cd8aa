"""Pages of invoices, charges and contracts."""

from . import invoice
from . import contract
