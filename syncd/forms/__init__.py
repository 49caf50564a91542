"""Forms as data: what a rule wants to know of one, where that stands, and whether it is right.

Pure: grids in, facts and findings out. Refuses to open files (that is `reading`'s) and to decide what becomes of a
document (that is the rulebook's).
"""
