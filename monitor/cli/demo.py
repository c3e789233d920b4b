"""``monitor demo``."""

from __future__ import annotations

import typer

from monitor.cli.output import examples

NAME = "demo"
EXAMPLES = examples("monitor demo", "monitor demo --forever", "monitor demo --speed 2")


def command(
    *,
    forever: bool = typer.Option(False, "--forever", help="Go on until Ctrl-C."),
    speed: float = typer.Option(1.0, "--speed", min=0.1, help="Publish this many times faster."),
    json: bool = typer.Option(False, "--json", help="Print the summary as one JSON object."),
) -> None:
    """Watch a bundled newsroom on loopback with the real service; alerts appear on the console."""
    from monitor.demo.show import show

    raise typer.Exit(show(forever=forever, speed=speed, as_json=json))
