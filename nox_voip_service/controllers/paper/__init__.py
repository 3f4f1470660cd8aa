from . import work_report
