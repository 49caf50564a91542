"""All peculiarities, in the order in which they are dealt out."""

from tests.corpus import (
    book_forms,
    choice_forms,
    date_forms,
    label_forms,
    number_forms,
    paper_forms,
    plain_forms,
    table_forms,
)

__all__ = [
    "book_forms", "choice_forms", "date_forms", "label_forms", "number_forms", "paper_forms", "plain_forms",
    "table_forms",
]  # fmt: skip
