from . import test_person_data
from . import test_privacy_lookup
