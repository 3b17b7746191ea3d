"""Track videos in the browser."""

from __future__ import annotations

import ipaddress
import sys
import warnings
from collections.abc import Sequence
from threading import Event

from vsd_mot_cli import parser_of

from ..app.model_choice import model_choice
from ..app.serving import serving
from ..app.uploads import Limits
from ..engine.stopping import StopOnSignal, Stopped
from .user_errors import one_line_errors

parse_args = parser_of('app')


@one_line_errors('error')
def main(args: Sequence[str] | None = None) -> None:
    """Run the command: serve the page until Ctrl-C or SIGTERM."""
    options = parse_args(args)
    # Of the hosts, and not for who tracks a video.
    warnings.filterwarnings('ignore', message='torch.meshgrid')
    models = model_choice(
        options.config,
        options.checkpoint,
        detector=options.detector,
        device=options.device,
        cfg_options=options.cfg_options,
    )
    if not is_this_machine(options.host):
        print(
            f'{options.host} is open to others: whoever reaches it can upload videos, and there '
            'is no password',
            file=sys.stderr,
        )
    try:
        with (
            StopOnSignal(),
            serving(
                models,
                limits=Limits(megabytes=options.max_megabytes, frames=options.max_frames),
                host=options.host,
                port=options.port,
            ) as url,
        ):
            print(f'{url}   (Ctrl-C ends it)', flush=True)
            Event().wait()
    except Stopped:
        print('uploads and results are removed')


def is_this_machine(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == 'localhost'
