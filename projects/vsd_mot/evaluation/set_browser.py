"""Looking at a set in MOTChallenge layout: boxes and proposals, degraded beside clean, quality."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..datasets.converters.gt_rows import FrameImage
from ..datasets.converters.mot_sequence import MotSequence, read_sequence
from ..datasets.converters.report import ConversionReport
from ..datasets.proposals import ProposalStore, frame_key
from ..degradation import VideoDegradation
from ..degradation.lq_plan import find_sequences
from ..errors import ProposalError
from ..images import read_image
from ..visualization.contact_sheet import SheetRow
from ..visualization.drawing import draw_box, line_width
from ..visualization.palette import colour_of
from .quality_survey import QualitySurvey

PROPOSAL_COLOUR = (255, 255, 255)
IGNORED_COLOUR = (128, 128, 128)


@dataclass
class SetSheets:
    """What is to be seen of a set.

    Attributes:
        samples: A row of frames with boxes and proposals for each sequence.
        beside: A row of clean and one of degraded frames for each sequence, with their quality.
        survey: Quality of the frames.
    """

    samples: list[SheetRow]
    beside: list[SheetRow]
    survey: QualitySurvey


class SetBrowser:
    """Looks through a set in MOTChallenge layout.

    Args:
        root: Folder of the set.
        sequences: Pattern of the names of the sequences, such as ``*-FRCNN``.
        beside: Folder of the set's degraded copy.
        degrade: In place of ``beside``: the seed to degrade with here, as ``make_lq.py`` does.
        proposals: Proposal file of the set.
        min_score: Proposals with a lower score are not drawn.
        columns: Frames of a row.
        every: The quality of every n-th frame is measured, and of those in a row. Raising it is
            faster and coarser.

    Raises:
        FileNotFoundError: There is no such folder, or no such sequence in it.
    """

    def __init__(
        self,
        root: Path,
        *,
        sequences: str = '*',
        beside: Path | None = None,
        degrade: int | None = None,
        proposals: Path | None = None,
        min_score: float = 0.05,
        columns: int = 5,
        every: int = 1,
    ) -> None:
        if not root.is_dir():
            raise FileNotFoundError(f'{root} is neither a folder nor a config (.py)')
        self.folders = [path for path in find_sequences(root) if fnmatch(path.name, sequences)]
        if not self.folders:
            raise FileNotFoundError(
                f'{root} has no sequences (folders with img1) named {sequences}'
            )
        self.root, self.beside, self.degrade = root, beside, degrade
        self.store = ProposalStore(proposals) if proposals else None
        self.min_score, self.columns, self.every = min_score, columns, every
        self.survey = QualitySurvey()
        self.report = ConversionReport()

    def browse(self) -> SetSheets:
        """Draw the sample frames and measure the quality of all sequences."""
        samples, beside = [], []
        bar = tqdm(self.folders, desc='sequences')
        for folder in bar:
            bar.set_postfix_str(folder.name)
            sequence = read_sequence(folder, self.root, report=self.report)
            count = min(self.columns, len(sequence.images))
            chosen = np.linspace(0, len(sequence.images) - 1, count).round().astype(int).tolist()
            samples.append(self._sample_row(sequence, chosen))
            beside += self._quality_rows(sequence, set(chosen))
        return SetSheets(samples, beside, self.survey)

    def _sample_row(self, sequence: MotSequence, chosen: list[int]) -> SheetRow:
        """Frames of a sequence with their ground truth and proposals."""
        images, captions = [], []
        for index in chosen:
            frame = sequence.images[index]
            picture = read_image(self.root / frame.path)
            count = self.draw_proposals(picture, frame)
            rows = [row for row in sequence.rows or [] if row.number == frame.number]
            for row in rows:
                left, top, width, height = row.box
                colour = colour_of(row.track_id) if row.counts else IGNORED_COLOUR
                box = np.array([left, top, left + width, top + height])
                draw_box(picture, box, colour=colour, width=line_width(picture))
            people = sum(row.counts for row in rows)
            images.append(picture)
            proposals = '' if count is None else f', {count} proposals'
            captions.append(f'{frame.number}: {people} people{proposals}')
        label = f'{sequence.name}   {len(sequence.images)} frames'
        if sequence.rows is None:
            label += ', no ground truth'
        return SheetRow(label, images, captions)

    def draw_proposals(self, picture: np.ndarray, frame: FrameImage) -> int | None:
        """Draw a frame's proposals thinly.

        Args:
            picture: (H, W, 3) uint8 BGR, drawn on.
            frame: Which frame it is.

        Returns:
            Their number; None without a proposal file.

        Raises:
            ProposalError: The proposal file does not have the frame.
        """
        if self.store is None:
            return None
        key = frame_key(frame.path)
        if key not in self.store:
            raise ProposalError(
                f'{self.store.path} has no proposals of {key}: SET must be the folder that its '
                'names are relative to'
            )
        proposals = self.store[key]
        boxes = proposals.boxes[proposals.scores >= self.min_score]
        for box in boxes:
            draw_box(picture, box, colour=PROPOSAL_COLOUR, width=1)
        return len(boxes)

    def _quality_rows(self, sequence: MotSequence, chosen: set[int]) -> list[SheetRow]:
        """Measure a sequence's frames, clean and degraded; the chosen ones make the rows."""
        camera = None
        if self.degrade is not None:
            camera = VideoDegradation(sequence.name, self.degrade)
        images: dict[str, list[np.ndarray]] = {}
        captions: dict[str, list[str]] = {}
        for index, frame in enumerate(sequence.images):
            if index % self.every and index not in chosen:
                continue
            pictures = {'clean': read_image(self.root / frame.path)}
            if camera is not None:
                pictures['degraded'] = camera(pictures['clean'], index)
            elif self.beside is not None:
                pictures['degraded'] = read_image(self.beside / frame.path)
            name = Path(frame.path).name
            for group, picture in pictures.items():
                measured = self.survey.add(
                    picture, group=group, video=sequence.name, frame=index, file=name
                )
                if index in chosen:
                    images.setdefault(group, []).append(picture)
                    captions.setdefault(group, []).append(f'{index}: Q {measured.quality:.2f}')
        return [
            SheetRow(f'{sequence.name}   {group}', images[group], captions[group])
            for group in images
        ]
