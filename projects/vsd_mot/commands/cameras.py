"""Track several cameras in one process."""

from __future__ import annotations

import argparse
import functools
import sys
import warnings
from collections.abc import Sequence

from tqdm import tqdm

from vsd_mot_cli import parser_of

from ..apis import init_tracker
from ..apis.camera_run import write_cameras
from ..apis.video_summary import VideoSummary, summary_table, write_summary
from ..errors import SourceError
from ..video.reader import open_together
from ..video.reconnecting import open_lasting
from ..video.sources import FrameSource
from .track import choose_model, model_info
from .user_errors import one_line_errors

parse_args = parser_of('cameras')


def open_cameras(
    cameras: dict[str, str], give_up: float
) -> tuple[dict[str, FrameSource], list[VideoSummary]]:
    """Open what answers.

    Args:
        cameras: Names to addresses.
        give_up: See :func:`open_lasting`.

    Returns:
        The opened sources, and what is to be said of the others.

    Raises:
        SourceError: Not one answers.
    """
    sources, errors = open_together(cameras, functools.partial(open_lasting, give_up=give_up))
    for name, error in errors.items():
        print(f'{name}: {error}', file=sys.stderr)
    if not sources:
        raise SourceError('not one camera can be opened')
    failed = [
        VideoSummary(name, name, status='failed', error=str(error))
        for name, error in errors.items()
    ]
    return sources, failed


def watch(options: argparse.Namespace) -> int:
    """Track as the command line says.

    Returns:
        The exit status: 0, 1 where a camera failed or broke off, or 128 + the signal that ended it.
    """
    warnings.filterwarnings('ignore', message='torch.meshgrid')  # of the hosts
    choose_model(options)
    tracker = init_tracker(
        options.config,
        options.checkpoint,
        device=options.device,
        cfg_options=options.cfg_options,
    )
    sources, failed = open_cameras(options.cameras, options.reconnect)
    seldom = 0.2 if sys.stderr.isatty() else 10.0  # a log file wants few lines
    with tqdm(unit='frame', desc=f'{len(sources)} cameras', mininterval=seldom) as bar:
        summaries, signal = write_cameras(
            tracker,
            sources,
            options.out,
            max_frames=options.max_frames,
            after_frame=lambda _name: bar.update(),
            segment=options.segment,
            show_scores=options.scores,
            video=not options.no_video,
            pictures_every=options.pictures,
            info=model_info(options),
        )
    summaries += failed
    print(summary_table(summaries))
    print(f'summary: {", ".join(map(str, write_summary(options.out, summaries)))}')
    if signal is not None:
        return 128 + signal
    return 0 if all(one.is_good for one in summaries) else 1


@one_line_errors('error')
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    return watch(parse_args(args))
