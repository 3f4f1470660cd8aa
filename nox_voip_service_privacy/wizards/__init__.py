from . import nox_person_data
from . import nox_person_data_line
from . import privacy_lookup_wizard
from . import privacy_lookup_wizard_line
