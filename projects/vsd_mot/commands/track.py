"""Track people in a video."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from vsd_mot_cli import parser_of

from ..apis import (
    TrackOutputs,
    init_masks,
    init_tracker,
    segment_video,
    track_video,
    use_backend,
)
from ..apis.inference import VideoResults
from ..apis.masks import SegmentedVideo
from ..apis.offline import OfflineResults
from ..apis.shipped import REAL_PEOPLE
from ..engine.stopping import StopOnSignal, Stopped
from ..errors import SourceError, TrackingError
from ..visualization import TrackAnnotator
from ..visualization.window import Window
from .user_errors import one_line_errors

MAX_LISTED = 5
FILE_KINDS = {
    'video': 'annotated video',
    'text': 'MOTChallenge text',
    'json': 'COCO-style JSON',
    'curve': 'quality over time',
    'pictures': 'pictures',
    'mots': 'MOTS text',
    'label maps': 'label maps',
}

Results = VideoResults | OfflineResults | SegmentedVideo


parse_args = parser_of('track')


def track(options: argparse.Namespace) -> int:
    """Track as the command line says.

    Returns:
        The exit status: 0, or 128 + the signal that stopped it.

    Raises:
        TrackingError: It could not be tracked to its end; what was is written.
    """
    # Of the hosts, and not for who tracks a video.
    warnings.filterwarnings('ignore', message='torch.meshgrid')

    choose_model(options)
    window = Window('tracking') if options.show else None
    results, classes = open_results(options)
    source = results.source
    if source.note:
        print(source.note, file=sys.stderr)
    total = min((n for n in (source.length, options.max_frames) if n is not None), default=None)
    info = dict(source=source.label, config=options.config, checkpoint=options.checkpoint)

    seldom = 0.2 if sys.stderr.isatty() else 10.0  # a log file wants few lines
    bar = tqdm(total=total, unit='frame', desc=source.name, dynamic_ncols=True, mininterval=seldom)
    status, complete = 0, False
    failure: TrackingError | None = None
    identities: set[int] = set()
    begin = time.monotonic()
    with (
        StopOnSignal() as signals,
        contextlib.closing(results),
        TrackOutputs(
            options.out,
            source,
            classes=classes,
            video=not options.no_video,
            pictures_every=options.pictures,
            info=info,
            annotator=TrackAnnotator(source.fps, show_scores=options.scores, min_side=480),
            draw=options.show,
            masks=bool(options.masks or options.first_masks),
        ) as outputs,
    ):
        try:
            for result in results:
                outputs.write(result)
                identities.update(result.ids.tolist())
                bar.update()
                closed = window is not None and not window.show(outputs.picture)
                if closed or bar.n == options.max_frames:
                    break
            else:
                complete = results.source.incomplete is None
        except Stopped as stop:
            status = 128 + stop.number
        except TrackingError as error:
            failure = error
        signals.closing = True
        bar.close()
        try:
            outputs.close(complete=complete, incomplete=results.source.incomplete)
        except TrackingError as error:
            failure = failure or error
    seconds = time.monotonic() - begin
    report(outputs, results, tracks=len(identities), seconds=seconds, stopped=status != 0)
    if failure is not None:
        raise failure
    if results.source.incomplete is not None and status == 0:
        raise SourceError(results.source.incomplete)
    return status


def choose_model(options: argparse.Namespace) -> None:
    """Put the shipped config and weights in, where the command line names no config."""
    if options.config is None:
        config, checkpoint = REAL_PEOPLE.files()
        options.config, options.checkpoint = str(config), str(checkpoint)
        print(f'{checkpoint.name}, for research only: see docs/real_people.md')


def open_results(
    options: argparse.Namespace,
) -> tuple[Results, tuple[str, ...]]:
    """Begin what the command line asks for; return its results and the names of the classes."""
    if options.first_masks:
        follower = init_masks(
            options.config,
            options.checkpoint,
            device=options.device,
            cfg_options=options.cfg_options,
        )
        return segment_video(follower, options.input, options.first_masks, strict=options.strict), (
            'object',
        )
    device = options.device
    if options.backend != 'pytorch':
        device = device or 'cpu'
    tracker = init_tracker(
        options.config,
        options.checkpoint,
        device=device,
        cfg_options=options.cfg_options,
        detector=options.detector,
    )
    use_backend(tracker, options.backend, graphs=options.graphs, config=Path(options.config).stem)
    masks = None
    if options.masks:
        config, checkpoint = [*options.masks, None][:2]
        masks = init_masks(config, checkpoint, device=options.device)
    results = track_video(
        tracker,
        options.input,
        window=options.window,
        proposals=options.proposals,
        strict=options.strict,
        fps=options.fps,
        masks=masks,
    )
    if tracker.abilities.offline:
        print(
            f'{type(tracker.model).__name__} is offline: the video is read twice, and the first '
            'frame comes when its end has been seen'
        )
    return results, tracker.classes


def report(
    outputs: TrackOutputs,
    results: Results,
    *,
    tracks: int,
    seconds: float,
    stopped: bool,
) -> None:
    """Print what was done and where it is.

    Args:
        outputs: The files.
        results: The tracked video.
        tracks: Number of identities.
        seconds: What it took.
        stopped: Whether a signal ended it.
    """
    rate = outputs.frames / seconds if seconds > 0 else 0.0
    reason = 'stopped by a signal; ' if stopped else ''
    print(f'{reason}{outputs.frames} frames, {tracks} tracks, {rate:.1f} frames per second')
    if results.dropped:
        print(f'{results.dropped} frames of the live source were dropped to keep up with it')
    if isinstance(results, VideoResults) and results.damage:
        counts = ', '.join(f'{count} {kind}' for kind, count in results.damage.most_common())
        print(f'damaged frames: {counts}')
    if results.faults:
        print(f'{len(results.faults)} frames could not be read or are damaged:', file=sys.stderr)
        for fault in results.faults[:MAX_LISTED]:
            print(f'  {fault}', file=sys.stderr)
        if len(results.faults) > MAX_LISTED:
            print('  ... (all are in the JSON)', file=sys.stderr)
    if results.source.remark is not None:
        print(results.source.remark, file=sys.stderr)
    for kind, path in outputs.files.items():
        print(f'{FILE_KINDS[kind] + ":":20}{path}')


@one_line_errors('error')
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    return track(parse_args(args))
