"""Pages to look at: self-contained HTML files with charts, made from templates.

A page is one file that asks nothing of any network: styles, scripts, the charting library (`vendor/`, Apache ECharts)
and pictures stand in it. `render` fills a template; `figures` describes charts. Pages decide nothing about form.
"""

from formcheck.report.page.figures import Figure
from formcheck.report.page.render import render

__all__ = ["Figure", "render"]
