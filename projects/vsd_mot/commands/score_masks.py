"""Score label maps against a set with label maps: J&F and MOTS scores by TrackEval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from vsd_mot_cli import parser_of

from ..datasets.mask_clips import MaskSequence, find_sequences
from ..datasets.mask_clips.frame_dataset import first_frames
from ..evaluation.mask_scores import MaskRuns, j_and_f, mots_scores, without_later
from ..video.label_files import read_label_map
from .user_errors import one_line_errors

parse_args = parser_of('score_masks')


@one_line_errors('score_masks', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    truth: dict[str, MaskRuns] = {}
    found: dict[str, MaskRuns] = {}
    for sequence in find_sequences(options.data, options.layout, options.split):
        first = first_frames(sequence, options.min_pixels)
        truth[sequence.name], found[sequence.name] = MaskRuns(), MaskRuns()
        guesses = (
            pasted(sequence, first)
            if options.baseline
            else (
                read_label_map(options.results / sequence.name / f'{at + 1:06d}.png')
                for at in sequence.annotated
            )
        )
        for position, labels in zip(sequence.annotated, guesses):
            known = [one for one, at in first.items() if at <= position]
            real = sequence.labels(position)
            truth[sequence.name].append(without_later(real, known))
            found[sequence.name].append(np.where(real < 0, 0, labels))
    for name, values in j_and_f(truth, found).items():
        print(f'{name:12}' + '  '.join(f'{key} {100 * value:.1f}' for key, value in values.items()))
    values = mots_scores(truth, found)['all']
    print('MOTS        ' + '  '.join(f'{key} {100 * value:.1f}' for key, value in values.items()))


def pasted(sequence: MaskSequence, first: dict[int, int]) -> Iterator[np.ndarray]:
    """Label maps of first masks pasted into true boxes.

    Args:
        sequence: The sequence.
        first: In which frame each identity is given.

    Yields:
        ``(H, W)`` int32 for each annotated frame; nearer people (lower boxes) cover others.
    """
    shapes: dict[int, np.ndarray] = {}
    for position in sequence.annotated:
        real = sequence.labels(position)
        labels = np.zeros(real.shape, np.int32)
        placed = []
        for identity in np.unique(real):
            if identity <= 0 or first.get(int(identity), position + 1) > position:
                continue
            rows, columns = np.nonzero(real == identity)
            box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
            if identity not in shapes:
                shapes[identity] = (real == identity)[box].astype(np.uint8)
            placed.append((rows.max(), identity, box))
        for _, identity, box in sorted(placed, key=lambda one: one[0]):
            height, width = labels[box].shape
            shape = cv2.resize(shapes[identity], (width, height), interpolation=cv2.INTER_NEAREST)
            labels[box][shape > 0] = identity
        yield labels
