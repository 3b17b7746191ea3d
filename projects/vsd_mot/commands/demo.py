"""Track the clip that lies in the repository and score the result: what `make demo` runs.

python tools/make_demo.py
python tools/make_demo.py --pack data/SEQUENCE      # replace the clip by another sequence
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from ..apis import open_source
from ..evaluation import evaluate_mot_files, read_mot_text
from ..video.writers import VideoWriter
from . import track
from .user_errors import one_line_errors

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class DemoFiles:
    """What the demo is made of.

    Attributes:
        folder: Holds `clip.mp4`, and its ground truth as `gt/gt.txt` and `seqinfo.ini`.
        config: Config of the tracker.
        checkpoint: Weights of the tracker.
        detector: Config and weights of the detector that makes its proposals, or None.
    """

    folder: Path
    config: Path
    checkpoint: Path | None
    detector: tuple[Path, Path] | None

    @property
    def clip(self) -> Path:
        """The video."""
        return self.folder / 'clip.mp4'


SHIPPED = DemoFiles(
    folder=ROOT / 'demo',
    config=ROOT / 'configs/vsd_mot/vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic.py',
    checkpoint=ROOT / 'demo/vsd-mot_tiny_synthetic.pth',
    # The config's own, in the loop.
    detector=None,
)


def run_demo(files: DemoFiles, out: Path, device: str | None = None) -> int:
    """Track the clip, score the result, leave a picture.

    Args:
        files: What to track with what.
        out: Where the results go.
        device: As of `tools/demo.py`.

    Returns:
        The exit status.
    """
    # The model is tiny: one thread does, while two stall each other as soon as something else runs
    # on a machine of two cores.
    torch.set_num_threads(1)
    begin = time.monotonic()
    arguments = [files.clip, files.config, files.checkpoint, '--out', out]
    if files.detector is not None:
        arguments += ['--detector', *files.detector]
    if device is not None:
        arguments += ['--device', device]
    arguments = [str(argument) for argument in arguments if argument is not None]
    status = track.track(track.parse_args(arguments))
    if status:
        return status
    picture = save_picture(out / 'clip_tracked.mp4', out / 'clip.txt', out / 'clip.png')
    print(f'{"picture:":20}{picture}')
    scores = evaluate_mot_files(files.folder, out / 'clip.txt')
    print(f'\nagainst {files.folder / "gt" / "gt.txt"}:\n')
    print(scores.table(('HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1')))
    print(f'\ndone in {time.monotonic() - begin:.0f} s')
    return 0


def save_picture(video: Path, text: Path, path: Path) -> Path:
    """Save the annotated frame with the most tracks, of these the middle one, as a picture."""
    counts = np.bincount(read_mot_text(text)[:, 0].astype(int), minlength=2)
    fullest = np.flatnonzero(counts == counts.max())
    wanted = max(0, int(fullest[len(fullest) // 2]) - 1)
    source = open_source(video)
    for frame in source:
        if frame.index == wanted:
            cv2.imwrite(str(path), frame.image)
            break
    source.close()
    return path


def pack_clip(sequence: Path, folder: Path, frames: int | None) -> None:
    """Make the demo's clip and ground truth from a sequence in MOTChallenge layout.

    Args:
        sequence: Folder with `img1/`, `gt/gt.txt` and `seqinfo.ini`.
        folder: The demo's folder.
        frames: Take the first ones only; None takes all.
    """
    source = open_source(sequence)
    truth = (sequence / 'gt' / 'gt.txt').read_text().splitlines()
    length = min(source.length, frames or source.length)
    (folder / 'gt').mkdir(parents=True, exist_ok=True)
    size, places = None, {}
    with VideoWriter(folder / 'clip.mp4', source.fps, quality=16) as writer:
        for frame in source:
            if frame.index == length:
                break
            size = frame.image.shape
            places[frame.number] = frame.index + 1
            writer.add(frame.image, frame.time)
    # A video has no numbers but places.
    rows = [line.split(',', 1) for line in truth if line.strip()]
    kept = [f'{places[int(number)]},{rest}\n' for number, rest in rows if int(number) in places]
    (folder / 'gt' / 'gt.txt').write_text(''.join(kept))
    (folder / 'seqinfo.ini').write_text(
        f'[Sequence]\nname={source.name}\nframeRate={source.fps:g}\nseqLength={length}\n'
        f'imWidth={size[1]}\nimHeight={size[0]}\n'
    )
    print(f'{length} frames of {sequence} are now {folder / "clip.mp4"}')


@one_line_errors('error', OSError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--out', type=Path, default=Path('work_dirs/demo'), metavar='DIR')
    parser.add_argument('--device', help="'cpu', 'cuda:0' ...; a GPU where there is one by default")
    parser.add_argument('--pack', type=Path, metavar='SEQUENCE', help='replace the clip')
    parser.add_argument('--frames', type=int, metavar='N', help='with --pack: the first N frames')
    options = parser.parse_args(args)

    if options.pack is not None:
        pack_clip(options.pack, SHIPPED.folder, options.frames)
        return 0
    return run_demo(SHIPPED, options.out, options.device)
