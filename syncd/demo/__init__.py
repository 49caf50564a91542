"""A small ward to watch: made in a folder, then played through the real daemon by what people do in folders.

`ward` makes the folders and the configuration, `papers` and `pdf` what nurseries send, `month` says what happens as
data, `playing` makes it happen. Knows syncd only from outside: its commands, its folders, its chat.
"""

from syncd.demo.playing import play

__all__ = ["play"]
