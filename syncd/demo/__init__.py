"""A small ward to watch: made in a folder, then played through the real daemon by what people do in folders.

`ward` makes the folders and the configuration, `papers` and `pdf` what nurseries send. `month` says what happens as
data (`steps`), on the days that `days` finds in the ward's calendar. `player` makes it happen: `hands` do it in a
directory or, with `box`, in a simulated Box; `chat` listens, `pages` looks at what syncd publishes. `playing` begins
and ends it, `processes` starts syncd. All know syncd from outside only, by its commands, its folders and its chat; but
for `on_a_day`, which is the daemon with another clock.
"""

from syncd.demo.playing import play

__all__ = ["play"]
