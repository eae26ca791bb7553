"""What the verbs that judge a metric are asked alike: each option once, with its words."""

from __future__ import annotations

import click

scale = click.option(
    "--scale", type=click.Choice(["auto", "continuous", "duration", "proportion", "rate"]), default="auto",
    show_default=True, help="What kind of metric it is.",
)  # fmt: skip
worthwhile = click.option(
    "--worthwhile", metavar="NUMBER|N%", help="Smallest change worth having, in the metric's unit or in percent."
)
season = click.option(
    "--season", metavar="N|weekday|month|hour", help="A declared period in points, or a season of the calendar."
)
merge = click.option(
    "--merge", default="auto", show_default=True, metavar="auto|none|N",
    help="Counts of few events: periods judged as one block.",
)  # fmt: skip
control = click.option(
    "--control", multiple=True, metavar="COL", help="An untouched series at the same times. Repeatable."
)
control_size = click.option(
    "--control-size", multiple=True, metavar="COL", help="Denominator of the control. Repeatable."
)
guard = click.option(
    "--guard", "guards", multiple=True, metavar="COL[/SIZE]:better[:margin]",
    help="A metric that must not get worse. Repeatable.",
)  # fmt: skip
lsl = click.option("--lsl", type=float, help="Lower specification limit.")
usl = click.option("--usl", type=float, help="Upper specification limit.")
target = click.option("--target", type=float, help="Target of the metric.")
