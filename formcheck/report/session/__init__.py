"""The report of one analysis or one coach session: a page to look at and to show."""

from formcheck.report.session.write import write_report

__all__ = ["write_report"]
