"""Track people in a video."""

from __future__ import annotations

import argparse
import contextlib
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from vsd_mot_cli import parser_of

from ..apis import (
    MaskTracker,
    Tracker,
    TrackOutputs,
    init_masks,
    init_tracker,
    segment_video,
    track_video,
    use_backend,
)
from ..apis.many_videos import VideoJob, run_job
from ..apis.result_stream import ResultStream
from ..apis.segments import SegmentedOutputs
from ..apis.shipped import REAL_PEOPLE
from ..apis.video_inputs import find_videos, is_many
from ..apis.video_run import VideoRun
from ..apis.video_summary import VideoSummary, damage_text, summary_table
from ..engine.shared_work import is_launched, launched_device
from ..engine.stopping import StopOnSignal
from ..errors import ConfigError, SourceError
from ..video.reconnecting import open_lasting
from ..video.sources import FrameSource
from ..video.video_source import is_stream_address
from ..video.writers.formats import EXTRA_FORMATS
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
    **{name: one.description for name, one in EXTRA_FORMATS.items()},
    'page': 'page for the browser',
    'rerun': 'Rerun recording',
}

parse_args = parser_of('track')


def track(options: argparse.Namespace) -> int:
    """Track as the command line says.

    Returns:
        The exit status: 0, 1 where a video of several failed, or 128 + the signal that stopped it.

    Raises:
        Exception: A single video could not be tracked to its end; what was is written.
    """
    # Of the hosts, and not for who tracks a video.
    warnings.filterwarnings('ignore', message='torch.meshgrid')
    choose_model(options)
    if len(options.inputs) == 1 and not is_many(options.inputs[0]) and not is_launched():
        return track_one(options)
    return track_many(options)


def track_one(options: argparse.Namespace) -> int:
    """Track a video, or what comes from a camera."""
    window = Window('tracking') if options.show else None
    results = open_results(options)
    source = results.source
    if source.note:
        print(source.note, file=sys.stderr)
    total = min((n for n in (source.length, options.max_frames) if n is not None), default=None)
    seldom = 0.2 if sys.stderr.isatty() else 10.0  # a log file wants few lines
    bar = tqdm(total=total, unit='frame', desc=source.name, dynamic_ncols=True, mininterval=seldom)

    def after_frame() -> bool:
        bar.update()
        return window is None or window.show(outputs.picture)

    with (
        StopOnSignal() as signals,
        contextlib.closing(results),
        bar,
        open_outputs(options, source) as outputs,
    ):
        run = VideoRun(results, outputs, max_frames=options.max_frames, after_frame=after_frame)
        summary = run.run(signals)
    report(outputs, results, summary)
    if run.failure is not None:
        raise run.failure
    if summary.status == 'incomplete':
        raise SourceError(str(summary.error))
    return 128 + (signals.received or 0) if summary.status == 'stopped' else 0


def open_outputs(
    options: argparse.Namespace, source: FrameSource
) -> TrackOutputs | SegmentedOutputs:
    """Begin the files that the command line asks for."""
    same = dict(
        video=not options.no_video,
        pictures_every=options.pictures,
        info=model_info(options),
        draw=options.show,
        masks=bool(options.masks or options.first_masks),
        formats=options.write,
        page=options.page,
        rerun=options.rerun,
    )
    if not options.segment:
        annotator = TrackAnnotator(source.fps, show_scores=options.scores, min_side=480)
        return TrackOutputs(options.out, source, annotator=annotator, **same)
    if not source.live:
        raise SourceError(f'{source.label} has an end: --segment is for cameras and streams')
    if options.rerun:
        raise ConfigError('--rerun writes one file, and --segment many: leave one of them out')
    return SegmentedOutputs(
        options.out,
        source,
        minutes=options.segment,
        show_scores=options.scores,
        **same,
    )


def track_many(options: argparse.Namespace) -> int:
    """Track many videos as one job."""
    if options.show or options.first_masks or options.rerun:
        raise ConfigError('--show, --first-masks and --rerun are for one video, not for many')
    videos = find_videos(options.inputs, leave_out=options.out)
    options.device = launched_device(options.device)
    tracker, masks = build_models(options)
    job = VideoJob(
        tracker,
        options.out,
        window=options.window,
        proposals=options.proposals,
        strict=options.strict,
        fps=options.fps,
        masks=masks,
        max_frames=options.max_frames,
        video=not options.no_video,
        pictures_every=options.pictures,
        show_scores=options.scores,
        formats=tuple(options.write),
        page=options.page,
        info=model_info(options),
    )
    finished = run_job(job, videos)
    if not finished.files:
        return 0  # a helper: the first process tells of all
    print(summary_table(finished.summaries))
    print(f'summary: {", ".join(map(str, finished.files))}')
    if finished.signal is not None:
        return 128 + finished.signal
    return 0 if finished.is_good else 1


def model_info(options: argparse.Namespace) -> dict[str, str | None]:
    """Return what results note of the model."""
    return dict(config=options.config, checkpoint=options.checkpoint)


def choose_model(options: argparse.Namespace) -> None:
    """Put the shipped config and weights in, where the command line names no config."""
    if options.config is None:
        config, checkpoint = REAL_PEOPLE.files()
        options.config, options.checkpoint = str(config), str(checkpoint)
        print(f'{checkpoint.name}, for research only: see docs/real_people.md')


def open_results(options: argparse.Namespace) -> ResultStream:
    """Begin what the command line asks for."""
    (source,) = options.inputs
    if options.first_masks:
        follower = init_masks(
            options.config,
            options.checkpoint,
            device=options.device,
            cfg_options=options.cfg_options,
        )
        return segment_video(
            follower, source, options.first_masks, strict=options.strict, fps=options.fps
        )
    tracker, masks = build_models(options)
    results = track_video(
        tracker,
        open_lasting(source, give_up=options.reconnect) if is_live(source) else source,
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
    return results


def build_models(options: argparse.Namespace) -> tuple[Tracker, MaskTracker | None]:
    """Build the tracker, and what gives its tracks masks where the command line wants them."""
    tracker = init_tracker(
        options.config,
        options.checkpoint,
        device=options.device,
        cfg_options=options.cfg_options,
        detector=options.detector,
        classes=options.classes,
    )
    use_backend(tracker, options.backend, graphs=options.graphs, config=Path(options.config).stem)
    if not options.masks:
        return tracker, None
    config, checkpoint = [*options.masks, None][:2]
    return tracker, init_masks(config, checkpoint, device=options.device)


def is_live(source: str) -> bool:
    """Whether a source may break off and come again: a camera or a stream."""
    return is_stream_address(source) or (source.isdigit() and not Path(source).exists())


def report(
    outputs: TrackOutputs | SegmentedOutputs, results: ResultStream, summary: VideoSummary
) -> None:
    """Print what was done and where it is."""
    reason = 'stopped by a signal; ' if summary.status == 'stopped' else ''
    print(
        f'{reason}{summary.frames} frames, {summary.tracks} tracks, {summary.fps:.1f} frames per '
        'second'
    )
    if summary.dropped:
        print(f'{summary.dropped} frames of the live source were dropped to keep up with it')
    if summary.latency:
        print(f'from arrival to result: {results.latency}')
    for start, length in summary.gaps:
        print(f'no frame came for {length:.1f} s after {start:.1f} s')
    if summary.damage:
        print(f'damaged frames: {damage_text(summary.damage)}')
    if summary.faults:
        print(f'{summary.faults} frames could not be read or are damaged:', file=sys.stderr)
        for fault in results.faults[:MAX_LISTED]:
            print(f'  {fault}', file=sys.stderr)
        if summary.faults > MAX_LISTED:
            print('  ... (all are in the JSON)', file=sys.stderr)
    if isinstance(outputs, SegmentedOutputs):
        print(f'{outputs.segments} segments in {outputs.folder}, the last one:')
    for remark in (*results.remarks, *outputs.remarks):
        print(remark, file=sys.stderr)
    for kind, path in outputs.files.items():
        print(f'{FILE_KINDS[kind] + ":":20}{path}')


@one_line_errors('error')
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    return track(parse_args(args))
