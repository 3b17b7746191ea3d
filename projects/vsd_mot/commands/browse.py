"""Look at a data set: samples with boxes and proposals, degraded beside clean, frame quality.

SET is a folder in MOTChallenge layout, or a config, whose training clips are then shown as they
come out of the pipeline. Writes into --out-dir: ``samples.jpg``; with --beside or --degrade
``beside.jpg``; ``quality.png`` and ``quality.csv``; from a config ``clips.jpg``.

Examples::

    python tools/analysis_tools/browse_dataset.py data/MOT17/train --sequences '*-FRCNN' \
        --beside data/LQMOT/train --proposals data/MOT/proposals/train.proposals --out-dir look
    python tools/analysis_tools/browse_dataset.py configs/motrv2/A.py --out-dir look
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import cv2
import numpy as np
from mmengine.config import Config
from mmtrack.registry import DATASETS
from mmtrack.utils import register_all_modules
from tqdm import tqdm

from ..datasets.converters.gt_rows import FrameImage
from ..datasets.converters.mot_sequence import MotSequence, read_sequence
from ..datasets.converters.report import ConversionReport
from ..datasets.proposals import ProposalStore, frame_key
from ..degradation import VideoDegradation
from ..degradation.lq_plan import find_sequences
from ..evaluation.quality_survey import QualitySurvey
from ..visualization.contact_sheet import SheetRow, contact_sheet
from ..visualization.drawing import draw_box, line_width
from ..visualization.palette import colour_of
from .user_errors import one_line_errors

PROPOSAL_COLOUR = (255, 255, 255)
IGNORED_COLOUR = (128, 128, 128)


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('set', type=Path, help='folder in MOTChallenge layout, or config (.py)')
    parser.add_argument('--out-dir', type=Path, default=Path('browse'))
    parser.add_argument('--sequences', default='*', metavar='GLOB', help='show only these')
    other = parser.add_mutually_exclusive_group()
    other.add_argument('--beside', type=Path, help='folder of the degraded copy of SET')
    other.add_argument('--degrade', type=int, metavar='SEED', help='degrade here, as make_lq does')
    parser.add_argument('--proposals', type=Path, help='proposal file of SET')
    parser.add_argument(
        '--min-score', type=float, default=0.05, help='of the proposals that are drawn'
    )
    parser.add_argument('--columns', type=int, default=5, help='frames (clips) shown in a row')
    parser.add_argument('--clips', type=int, default=4, help='clips shown of a config')
    parser.add_argument('--every', type=int, default=1, help='rate every n-th frame')
    parser.add_argument('--width', type=int, default=1600, help='of the sheets, in pixels')
    parser.add_argument('--jpeg-quality', type=int, default=88, help='of the sheets')
    options = parser.parse_args(args)
    if min(options.columns, options.clips, options.every) < 1:
        parser.error('--columns, --clips and --every must be at least 1')
    return options


class SetBrowser:
    """Shows a set in MOTChallenge layout."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.root: Path = options.set
        if not self.root.is_dir():
            raise FileNotFoundError(f'{self.root} is neither a folder nor a config (.py)')
        self.folders = [
            folder
            for folder in find_sequences(self.root)
            if fnmatch(folder.name, options.sequences)
        ]
        if not self.folders:
            raise FileNotFoundError(
                f'{self.root} has no sequences (folders with img1) named {options.sequences}'
            )
        self.store = ProposalStore(options.proposals) if options.proposals else None
        self.survey = QualitySurvey()

    def browse(self) -> list[Path]:
        """Write all pictures and tables; returns the files."""
        samples, beside = [], []
        bar = tqdm(self.folders, desc='sequences')
        for folder in bar:
            bar.set_postfix_str(folder.name)
            sequence = read_sequence(folder, self.root, ConversionReport())
            count = min(self.options.columns, len(sequence.images))
            shown = np.linspace(0, len(sequence.images) - 1, count).round().astype(int)
            samples.append(self._sample_row(sequence, shown))
            beside += self._rate(sequence, set(shown.tolist()))
        files = [self._write('samples.jpg', samples)]
        if self._has_degraded():
            files.append(self._write('beside.jpg', beside))
        table = self.options.out_dir / 'quality.csv'
        table.write_text(self.survey.csv())
        picture = self.options.out_dir / 'quality.png'
        self.survey.draw().savefig(picture, dpi=150)
        return [*files, picture, table]

    def _has_degraded(self) -> bool:
        return self.options.beside is not None or self.options.degrade is not None

    def _write(self, name: str, rows: list[SheetRow]) -> Path:
        return write_sheet(self.options, name, rows)

    def _sample_row(self, sequence: MotSequence, shown: np.ndarray) -> SheetRow:
        images, captions, total = [], [], 0
        for index in shown:
            frame = sequence.images[index]
            picture = read_image(self.root / frame.path)
            proposals = self._draw_proposals(picture, frame)
            rows = [row for row in sequence.rows or [] if row.number == frame.number]
            for row in rows:
                left, top, width, height = row.box
                colour = colour_of(row.track_id) if row.counts else IGNORED_COLOUR
                box = np.array([left, top, left + width, top + height])
                draw_box(picture, box, colour=colour, width=line_width(picture))
            people = sum(row.counts for row in rows)
            total += people
            images.append(picture)
            captions.append(f'{frame.number}: {people} people{proposals}')
        label = f'{sequence.name}   {len(sequence.images)} frames'
        if sequence.rows is None:
            label += ', no ground truth'
        return SheetRow(label, images, captions)

    def _draw_proposals(self, picture: np.ndarray, frame: FrameImage) -> str:
        """Draw a frame's proposals thinly; returns what to say of them."""
        if self.store is None:
            return ''
        key = frame_key(frame.path)
        if key not in self.store:
            raise KeyError(
                f'{self.options.proposals} has no proposals of {key}: SET must be the folder that '
                'its names are relative to'
            )
        boxes, scores = self.store[key]
        boxes = boxes[scores >= self.options.min_score]
        for box in boxes:
            draw_box(picture, box, colour=PROPOSAL_COLOUR, width=1)
        return f', {len(boxes)} proposals'

    def _rate(self, sequence: MotSequence, shown: set[int]) -> list[SheetRow]:
        """Rate a sequence's frames, clean and degraded; returns rows of the shown ones."""
        clean = SheetRow(f'{sequence.name}   clean', [], [])
        degraded = SheetRow(f'{sequence.name}   degraded', [], [])
        camera = None
        if self.options.degrade is not None:
            camera = VideoDegradation(sequence.name, self.options.degrade)
        for index, frame in enumerate(sequence.images):
            rated = index % self.options.every == 0
            if not rated and index not in shown:
                continue
            pictures = [('clean', read_image(self.root / frame.path), clean)]
            if camera is not None:
                pictures.append(('degraded', camera(pictures[0][1], index), degraded))
            elif self.options.beside is not None:
                picture = read_image(self.options.beside / frame.path)
                pictures.append(('degraded', picture, degraded))
            for group, picture, row in pictures:
                name = Path(frame.path).name
                score = self.survey.add(picture, group, sequence.name, index, name)
                if index in shown:
                    row.images.append(picture)
                    row.captions.append(f'{index}: Q {score.quality:.2f}')
        return [clean, degraded] if degraded.images else [clean]


def read_image(path: Path) -> np.ndarray:
    """Read an image.

    Raises:
        FileNotFoundError: If it is not there or no image.
    """
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(f'there is no readable image {path}')
    return image


def write_sheet(options: argparse.Namespace, name: str, rows: list[SheetRow]) -> Path:
    """Write a contact sheet into the folder; returns its path."""
    path = options.out_dir / name
    quality = (cv2.IMWRITE_JPEG_QUALITY, options.jpeg_quality)
    if not cv2.imwrite(str(path), contact_sheet(rows, options.width), quality):
        raise OSError(f'{path} could not be written')
    return path


def browse_config(options: argparse.Namespace) -> list[Path]:
    """Show the training clips of a config as they come out of its pipeline."""
    register_all_modules(init_default_scope=True)
    config = Config.fromfile(options.set)
    dataset = DATASETS.build(config.train_dataloader.dataset)
    rows = []
    for index in np.linspace(0, len(dataset) - 1, options.clips).round().astype(int):
        packed = dataset[int(index)]
        rows += clip_rows(packed, f'sample {index} of {len(dataset)}')
    return [write_sheet(options, 'clips.jpg', rows)]


def clip_rows(packed: dict, label: str) -> list[SheetRow]:
    """Rows of one packed clip: the network's input with boxes, and what its teacher sees."""
    sample = packed['data_samples']
    clip = SheetRow(label, [], [])
    for number, tensor in enumerate(packed['inputs']['img']):
        picture = np.ascontiguousarray(tensor.permute(1, 2, 0).numpy())
        found = 0
        if 'proposals' in sample:
            boxes = sample.proposals.bboxes[sample.proposals.img_idx == number].numpy()
            found = len(boxes)
            for box in boxes:
                draw_box(picture, box, colour=PROPOSAL_COLOUR, width=1)
        objects = sample.gt_instances[sample.gt_instances.img_idx == number]
        for box, identity in zip(objects.bboxes.numpy(), objects.instances_id.tolist()):
            draw_box(picture, box, colour=colour_of(identity), width=line_width(picture))
        clip.images.append(picture)
        clip.captions.append(f'frame {number}: {len(objects)} people, {found} proposals')
    rows = [clip]
    teacher = [image for image in packed['inputs'].get('teacher_img', []) if image.ndim == 3]
    if teacher:
        images = [np.ascontiguousarray(image.permute(1, 2, 0).numpy()) for image in teacher]
        rows.append(SheetRow(f'{label}, what the teacher sees', images))
    return rows


@one_line_errors('browse_dataset', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    options.out_dir.mkdir(parents=True, exist_ok=True)
    if options.set.suffix == '.py':
        files = browse_config(options)
    else:
        browser = SetBrowser(options)
        files = browser.browse()
        print(browser.survey.summary())
    print(f'written: {", ".join(str(path) for path in files)}')
