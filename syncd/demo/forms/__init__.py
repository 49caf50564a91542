"""The ward's forms as nurseries fill them in, with people and sums that nobody has.

A form is frozen data and writes itself as a workbook, a PDF or a csv file: the same bytes each time. What is wrong in
one is another value in that data (`dataclasses.replace`), so the good and the bad look alike.
"""

from __future__ import annotations

from syncd.demo.forms.care import Disability, ExtendedCare, TemporaryCare, disability, extended_care, temporary_care
from syncd.demo.forms.grants import Application, Result, Treatment, application, result, treatment
from syncd.demo.forms.heading import Month
from syncd.demo.forms.money import Invoice, invoice
from syncd.demo.forms.monthly import Additions, Enrolment, additions, enrolment
from syncd.demo.forms.staff import StaffList, staff_list

__all__ = [
    "Additions",
    "Application",
    "Disability",
    "Enrolment",
    "ExtendedCare",
    "Invoice",
    "Month",
    "Result",
    "StaffList",
    "TemporaryCare",
    "Treatment",
    "additions",
    "application",
    "disability",
    "enrolment",
    "extended_care",
    "invoice",
    "result",
    "staff_list",
    "temporary_care",
    "treatment",
]
