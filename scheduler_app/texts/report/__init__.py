"""The report of an audit, for a terminal, for programs and for a browser; each as pieces of text in order."""

from scheduler_app.texts.report.document import json_report
from scheduler_app.texts.report.page import html_report
from scheduler_app.texts.report.terminal import text_report

__all__ = ["html_report", "json_report", "text_report"]
