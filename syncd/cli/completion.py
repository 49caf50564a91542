"""`syncd completion`: what a shell needs to complete commands, options and operators' ids."""

from __future__ import annotations

import click

from syncd.cli.shown import say


@click.command(short_help="Completion for bash, zsh, fish.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Prints the script that lets SHELL complete syncd's words.

    \b
    bash:  syncd completion bash > /etc/bash_completion.d/syncd
    zsh:   syncd completion zsh > "${fpath[1]}/_syncd"
    fish:  syncd completion fish > ~/.config/fish/completions/syncd.fish
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None
    say(script(click.get_current_context().find_root().command, {}, "syncd", "_SYNCD_COMPLETE").source())
