"""A printed page as people see it, made into a grid: where signs stand and lines are drawn, which cells that makes.

`drawing` asks pdfium what is drawn and `fields` what was filled in; `words`, `regions`, `columns` and `boxes` are pure
geometry; `layout` makes a sheet of them. Distances are points as displayed, from the top left corner, downwards.
Refuses to guess: what may be read in two ways becomes a cell that is of no kind.
"""
