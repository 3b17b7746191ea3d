"""Track the clip that lies in the repository and score the result: what `make demo` runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from vsd_mot_cli import parser_of

from ..apis.shipped import SYNTHETIC, demo_clip
from ..datasets.converters import pack_clip
from ..evaluation import evaluate_mot_files, read_mot_text
from ..fileio import write_atomically
from ..video import open_source
from . import track
from .user_errors import one_line_errors


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


def shipped_files() -> DemoFiles:
    """Find what comes with the package; the config has its own detector in the loop."""
    config, checkpoint = SYNTHETIC.files()
    return DemoFiles(folder=demo_clip().parent, config=config, checkpoint=checkpoint, detector=None)


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
    arguments = [str(files.clip), str(files.config)]
    if files.checkpoint is not None:
        arguments.append(str(files.checkpoint))
    arguments += ['--out', str(out)]
    if files.detector is not None:
        arguments += ['--detector', *map(str, files.detector)]
    if device is not None:
        arguments += ['--device', device]
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
    index = max(0, int(fullest[len(fullest) // 2]) - 1)
    source = open_source(video)
    for frame in source:
        if frame.index == index and frame.image is not None:
            write_atomically(path, cv2.imencode(path.suffix, frame.image)[1].tobytes())
            break
    source.close()
    return path


parse_args = parser_of('demo')


@one_line_errors('error', OSError)
def main(args: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = parse_args(args)
    if options.pack is None:
        return run_demo(shipped_files(), options.out, options.device)
    files = shipped_files()
    length = pack_clip(options.pack, files.folder, options.frames)
    print(f'{length} frames of {options.pack} are now {files.clip}')
    return 0
