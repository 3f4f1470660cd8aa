from . import hr_timesheet_switch
from . import nox_timer_close
