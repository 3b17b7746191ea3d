"""Track people in a video.

python tools/demo.py street.mp4 CONFIG CHECKPOINT --out results
python tools/demo.py frames/ CONFIG CHECKPOINT --out results --proposals det.txt
python tools/demo.py 0 CONFIG CHECKPOINT --out results           # the first camera, Ctrl-C ends it
python tools/demo.py rtsp://host/path CONFIG CHECKPOINT --out results
python tools/demo.py street.mp4 CONFIG CHECKPOINT --masks MASK_CONFIG MASK_CHECKPOINT
python tools/demo.py street.mp4 MASK_CONFIG MASK_CHECKPOINT --first-masks first.png
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
import warnings
from collections.abc import Sequence

import cv2
from tqdm import tqdm

from ..apis import (
    TrackOutputs,
    VideoResults,
    init_masks,
    init_tracker,
    segment_video,
    track_video,
)
from ..apis.masks import SegmentedVideo
from ..engine.launch import DictAction
from ..errors import TrackingError
from ..visualization import TrackAnnotator
from .user_errors import one_line_errors


class Stopped(BaseException):
    """Ctrl-C or SIGTERM; not an Exception, so that nothing on the way takes it for a failure."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class StopOnSignal:
    """Turn the first Ctrl-C or SIGTERM into :class:`Stopped`; a second one kills the program.

    Once `closing` is set, the first one is not needed any more: the files are being completed.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __enter__(self) -> StopOnSignal:
        self.closing = False
        self.before = {number: signal.signal(number, self._stop) for number in self.SIGNALS}
        return self

    def _stop(self, number: int, _frame: object) -> None:
        for one in self.SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        if not self.closing:
            raise Stopped(number)

    def __exit__(self, *_exception: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)


class Window:
    """A window with the annotated video, for `--show`.

    Raises:
        TrackingError: No window can be opened here.
    """

    def __init__(self, title: str) -> None:

        self.title = title
        on_linux = sys.platform.startswith('linux')
        no_display = on_linux and not (
            os.environ.get('DISPLAY') or os.environ.get('WAYLAND_DISPLAY')
        )
        try:
            if no_display:
                raise TrackingError('there is no display')
            cv2.namedWindow(title, cv2.WINDOW_NORMAL)
        except (TrackingError, cv2.error) as error:
            reason = str(error) if no_display else 'this OpenCV is built without windows'
            raise TrackingError(
                f'--show cannot open a window: {reason}; leave it out and look at the video '
                'that is written (or pip install opencv-python in place of -headless)'
            ) from error

    def show(self, picture) -> bool:
        """Show a picture, if there is one yet; False when the user has pressed q or Esc."""
        if picture is not None:
            cv2.imshow(self.title, picture)
        return cv2.waitKey(1) & 0xFF not in (ord('q'), 27)


def parse_args(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
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
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override settings of the config',
    )
    args = parser.parse_args(arguments)
    if args.masks is not None and (len(args.masks) > 2 or args.first_masks):
        parser.error('--masks takes a config and maybe a checkpoint, and no --first-masks')
    if args.window < 1 or args.pictures < 0 or (args.max_frames or 1) < 1:
        parser.error('--window and --max-frames must be at least 1, --pictures at least 0')
    return args


def track(args: argparse.Namespace) -> int:
    """Track as the command line says.

    Returns:
        The exit status: 0, or 128 + the signal that stopped it.
    """
    # Of the hosts, and not for who tracks a video.
    warnings.filterwarnings('ignore', message='torch.meshgrid')

    window = Window('tracking') if args.show else None
    results, classes = open_results(args)
    source = results.source
    total = min((n for n in (source.length, args.max_frames) if n is not None), default=None)
    annotator = TrackAnnotator(source.fps, show_scores=args.scores, min_side=480)
    info = dict(source=source.label, config=args.config, checkpoint=args.checkpoint)

    seldom = 0.2 if sys.stderr.isatty() else 10.0  # a log file wants few lines
    bar = tqdm(total=total, unit='frame', desc=source.name, dynamic_ncols=True, mininterval=seldom)
    status, complete, failure, identities = 0, False, None, set()
    begin = time.monotonic()
    with (
        StopOnSignal() as signals,
        contextlib.closing(results),
        TrackOutputs(
            args.out,
            source,
            classes,
            not args.no_video,
            args.pictures,
            info,
            annotator,
            draw=args.show,
            masks=bool(args.masks or args.first_masks),
        ) as outputs,
    ):
        try:
            for result in results:
                outputs.write(result)
                identities.update(result.ids.tolist())
                bar.update()
                closed = window is not None and not window.show(outputs.picture)
                if closed or bar.n == args.max_frames:
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
            outputs.close(complete)
        except TrackingError as error:
            failure = failure or error
    report(outputs, results, len(identities), time.monotonic() - begin, status)
    if failure is not None:
        raise failure
    return status


def open_results(
    args: argparse.Namespace,
) -> tuple[VideoResults | SegmentedVideo, tuple[str, ...]]:
    """Begin what the command line asks for; return its results and the names of the classes."""
    if args.first_masks:
        masks = init_masks(args.config, args.checkpoint, args.device, args.cfg_options)
        return segment_video(masks, args.input, args.first_masks), ('object',)
    tracker = init_tracker(
        args.config, args.checkpoint, args.device, args.cfg_options, args.detector
    )
    masks = init_masks(*args.masks, device=args.device) if args.masks else None
    results = track_video(
        tracker, args.input, args.window, args.proposals, args.strict, masks=masks
    )
    return results, tracker.classes


def report(outputs, results, tracks: int, seconds: float, status: int) -> None:
    """Print what was done and where it is."""
    rate = outputs.frames / seconds if seconds > 0 else 0.0
    stopped = 'stopped by a signal; ' if status else ''
    print(f'{stopped}{outputs.frames} frames, {tracks} tracks, {rate:.1f} frames per second')
    if results.dropped:
        print(f'{results.dropped} frames of the live source were dropped to keep up with it')
    if results.faults:
        print(f'{len(results.faults)} frames could not be read or are damaged:', file=sys.stderr)
        for fault in results.faults[:5]:
            print(f'  {fault}', file=sys.stderr)
        if len(results.faults) > 5:
            print('  ... (all are in the JSON)', file=sys.stderr)
    names = dict(
        video='annotated video',
        text='MOTChallenge text',
        json='COCO-style JSON',
        curve='quality over time',
        pictures='pictures',
        mots='MOTS text',
    )
    names['label maps'] = 'label maps'
    for kind, path in outputs.files.items():
        print(f'{names[kind] + ":":20}{path}')


@one_line_errors('error')
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    return track(parse_args(args))
