"""`syncd rules test`: the examples that stand in the rules, judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from syncd.cli.opening import config, config_option
from syncd.cli.shown import say, shown
from syncd.errors import Misconfigured

if TYPE_CHECKING:
    from syncd.rulebook import Rule, Rulebook
    from syncd.trying import Tried


@click.command("test")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--rules", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Another folder, e.g. a draft.")
@config_option
def test(files: tuple[str, ...], folder: Path | None) -> None:
    """Judges the examples that stand in the rules, exactly as the daemon would judge such files.

    An example names a sample file below the rules folder, what has to become of it (`expect: review`, `corrections`,
    `hold` or `quarantine`) and, if it likes, words that the reasons have to contain (`says:`). FILE are rule files or
    document ids; left out, all. Changes nothing.

    Exit status 1 when an example comes out otherwise, 2 when a rule has a fault or a sample is not there.

    \b
    Example: syncd rules test enrolment.yaml
    """
    from datetime import datetime

    from syncd import packaged
    from syncd.reading import Reader
    from syncd.rulebook import load
    from syncd.trying import missing_samples, try_examples

    settings = config()
    place = folder or settings.rules
    book = load(place, packaged.rules_folder())
    chosen = _chosen(book, files)
    today = datetime.now(settings.zone).date()
    tried: list[Tried] = []
    with Reader() as reader:
        for one in try_examples(reader, book, chosen, place, today, settings.language):
            tried.append(one)
            say(_line(one))
            for remark in one.remarks:
                say(shown(f"           {remark}"))
    wrong = sum(not one.right for one in tried)
    untried = [rule.title for rule in chosen if not rule.examples]
    if untried:
        say(f"no examples: {shown('、'.join(untried))}")
    say(f"{len(tried)} examples, {wrong} came out otherwise")
    if missing := missing_samples(chosen, place):
        raise Misconfigured(missing)
    if wrong:
        raise click.exceptions.Exit(1)


def _chosen(book: Rulebook, files: tuple[str, ...]) -> list[Rule]:
    """The rules that are meant. Raises UsageError for a file that is none."""
    by_name = {Path(rule.file).name: rule for rule in book.rules.values()} | dict(book.rules)
    for file in files:
        if Path(file).name not in by_name:
            from syncd.yamltext import suggestion

            raise click.UsageError(f"{file} is no rule in force here; {suggestion(Path(file).name, list(by_name))}")
    return [by_name[Path(file).name] for file in files] or list(book.rules.values())


def _line(one: Tried) -> str:
    said = f": {'; '.join(one.reasons)}" if one.reasons else ""
    if one.right:
        return shown(f"ok       {one.place} {one.file}: {one.became}{said if one.became != 'review' else ''}")
    wanted = one.expected if one.expected != one.became else " and ".join(f"「{words}」" for words in one.unsaid)
    return shown(f"differs  {one.place} {one.file}: expected {wanted}, became {one.became}{said}")
