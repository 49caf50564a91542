"""A small ward to watch: made in a folder, then played through the real daemon by what people do in folders.

`ward` makes the folders and the configuration, `papers` and `pdf` what nurseries send, `month` says what happens as
data, `playing` makes it happen: `hands` do it in a directory or, with `box`, in a simulated Box, `chat` listens,
`processes` starts syncd. Knows syncd only from outside: its commands, its folders, its chat.
"""

from syncd.demo.playing import play

__all__ = ["play"]
