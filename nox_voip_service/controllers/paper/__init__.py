from . import work_report
from . import statement
