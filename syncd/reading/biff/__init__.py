"""Workbooks of Excel 5 to 2003 (xls), record by record."""
