"""planroom doctor: what is installed, what of it works, and what to do about the rest."""

from __future__ import annotations

import dataclasses

import click

from planroom.cli._output import format_option, object_of, text

__all__ = ["command"]


@click.command(short_help="What is installed, what works, and what to do about the rest.")
@click.argument("names", nargs=-1)
@format_option
def command(names: tuple[str, ...], *, as_json: bool) -> int:
    """Look at everything that planroom needs, and try it: a picture is drawn, a server is started.

    The exit status is 1 when something installed does not work, or when one of NAMES, extras or engines that you
    need, is missing.
    """
    from planroom.workbench.health import examine

    health = examine(*names)
    if as_json:
        object_of(
            "planroom.doctor/1",
            works=not health.failures,
            asked=list(health.asked),
            checks=[dataclasses.asdict(check) for check in health.checks],
        )
    else:
        text(health)
    return int(bool(health.failures))
