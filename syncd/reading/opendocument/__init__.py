"""Workbooks of OpenDocument programs (ods), element by element."""
