"""A directory tree that people also write to: look, watch, put, move, all confined beneath one root.

Under both the folder cloud and the intranet. Start with `directory`, which says what a side can do; `place` and `aside`
hold the order of system calls that keeps people's bytes, `look` the judgement of what may be used.
"""
