"""Track people in a video.

python tools/demo.py street.mp4 CONFIG CHECKPOINT --out results
python tools/demo.py frames/ CONFIG CHECKPOINT --out results --proposals det.txt
python tools/demo.py 0 CONFIG CHECKPOINT --out results           # the first camera, Ctrl-C ends it
python tools/demo.py rtsp://host/path CONFIG CHECKPOINT --out results
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
import warnings
from collections.abc import Sequence

from tqdm import tqdm

from ..apis import TrackOutputs, init_masks, init_tracker, segment_video, track_video
from ..apis.inference import VideoResults
from ..apis.masks import SegmentedVideo
from ..apis.offline import OfflineResults
from ..engine.stopping import StopOnSignal, Stopped
from ..errors import TrackingError
from ..visualization import TrackAnnotator
from ..visualization.window import Window
from .command_line import add_cfg_options, command_parser
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


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('input', help='video, folder of images, camera number, stream address')
    parser.add_argument('config', help='config file, or name of a shipped config')
    parser.add_argument('checkpoint', nargs='?', help='weights that fit the config')
    parser.add_argument('--out', default='results', metavar='DIR', help='where the files go')
    parser.add_argument('--device', help="'cpu', 'cuda:0' ...; a GPU where there is one by default")
    parser.add_argument(
        '--proposals',
        metavar='FILE',
        help='detections to track from: MOTChallenge det.txt or a proposal file',
    )
    parser.add_argument(
        '--detector',
        nargs=2,
        metavar=('CONFIG', 'CHECKPOINT'),
        help='detector that makes the proposals in the loop, for MOTRv2 and what builds on it',
    )
    parser.add_argument(
        '--masks',
        nargs='+',
        metavar=('CONFIG', 'CHECKPOINT'),
        help='HQTrack that gives every track a mask: its config, and weights unless that has some',
    )
    parser.add_argument(
        '--first-masks',
        metavar='PNG',
        help='label map of the first frame; CONFIG is then that of an HQTrack, which follows its '
        'objects',
    )
    parser.add_argument(
        '--window',
        type=int,
        default=8,
        metavar='N',
        help='frames that are encoded as one batch (MOTRv2 family; live sources use 1)',
    )
    parser.add_argument(
        '--fps',
        type=float,
        help='frames per second, where the file does not say or is wrong; not for live sources',
    )
    parser.add_argument('--show', action='store_true', help='show it in a window; q closes')
    parser.add_argument('--no-video', action='store_true', help='write no annotated video')
    parser.add_argument(
        '--pictures', type=int, default=0, metavar='N', help='save every N-th annotated frame'
    )
    parser.add_argument('--scores', action='store_true', help='write scores beside the identities')
    parser.add_argument('--max-frames', type=int, metavar='N', help='stop after N frames')
    parser.add_argument(
        '--strict',
        action='store_true',
        help='stop at the first frame that cannot be read, instead of reporting it at the end',
    )
    add_cfg_options(parser)
    options = parser.parse_args(args)
    if options.masks is not None and (len(options.masks) > 2 or options.first_masks):
        parser.error('--masks takes a config and maybe a checkpoint, and no --first-masks')
    if options.window < 1 or options.pictures < 0 or (options.max_frames or 1) < 1:
        parser.error('--window and --max-frames must be at least 1, --pictures at least 0')
    return options


def track(options: argparse.Namespace) -> int:
    """Track as the command line says.

    Returns:
        The exit status: 0, or 128 + the signal that stopped it.
    """
    # Of the hosts, and not for who tracks a video.
    warnings.filterwarnings('ignore', message='torch.meshgrid')

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
                complete = True
        except Stopped as stop:
            status = 128 + stop.number
        except TrackingError as error:
            failure = error
        signals.closing = True
        bar.close()
        try:
            outputs.close(complete=complete)
        except TrackingError as error:
            failure = failure or error
    seconds = time.monotonic() - begin
    report(outputs, results, tracks=len(identities), seconds=seconds, stopped=status != 0)
    if failure is not None:
        raise failure
    return status


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
        return segment_video(follower, options.input, options.first_masks), ('object',)
    tracker = init_tracker(
        options.config,
        options.checkpoint,
        device=options.device,
        cfg_options=options.cfg_options,
        detector=options.detector,
    )
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
    for kind, path in outputs.files.items():
        print(f'{FILE_KINDS[kind] + ":":20}{path}')


@one_line_errors('error')
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    return track(parse_args(args))
