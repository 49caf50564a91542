"""Forms as offices make them, with the right value known by construction: one seeded generator, many kinds of file.

`form.py` is what a form is made of, `frame.py` sets a field into one, the `*_forms.py` are the peculiarities, the
`write_*.py` write each kind of file, `corpus.py` deals them out, `judged.py` has syncd read them and says what came of
it. What is right is written down from what syncd promises, never from how it reads.
"""
