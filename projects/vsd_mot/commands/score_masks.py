"""Score label maps against a set with label maps: J&F and MOTS scores by TrackEval."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

import numpy as np

from vsd_mot_cli import parser_of

from ..datasets.mask_clips import MaskSequence, find_sequences
from ..datasets.mask_clips.frame_dataset import first_frames
from ..datasets.mask_clips.layouts import require_size
from ..evaluation.mask_scores import MaskRuns, j_and_f, mots_scores, without_later
from ..evaluation.pasted_masks import pasted_masks, read_boxes, true_boxes
from ..video.label_files import read_label_map
from .user_errors import one_line_errors

parse_args = parser_of('score_masks')


@one_line_errors('score_masks', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    truth: dict[str, MaskRuns] = {}
    results: dict[str, MaskRuns] = {}
    for sequence in find_sequences(options.data, options.layout, options.split):
        first = first_frames(sequence, options.min_pixels)
        truth[sequence.name], results[sequence.name] = MaskRuns(), MaskRuns()
        for position, labels in zip(sequence.annotated, guesses(options, sequence, first)):
            known = [one for one, begin in first.items() if begin <= position]
            real = sequence.labels(position)
            truth[sequence.name].append(without_later(real, known))
            results[sequence.name].append(np.where(real < 0, 0, labels))
    for name, values in j_and_f(truth, results).items():
        print(f'{name:12}' + '  '.join(f'{key} {100 * value:.1f}' for key, value in values.items()))
    values = mots_scores(truth, results)['all']
    print('MOTS        ' + '  '.join(f'{key} {100 * value:.1f}' for key, value in values.items()))


def guesses(
    options: argparse.Namespace, sequence: MaskSequence, first: dict[int, int]
) -> Iterator[np.ndarray]:
    """Label maps ``(H, W)`` of a sequence's annotated frames, as the command line says."""
    if options.results:
        for position in sequence.annotated:
            path = options.results / sequence.name / f'{position + 1:06d}.png'
            labels = read_label_map(path)
            require_size(labels, sequence.labels(position).shape, str(path))
            yield labels
    else:
        boxes = true_boxes(sequence)
        if options.boxes:
            boxes = read_boxes(options.boxes / f'{sequence.name}.txt', len(sequence.pictures))
        yield from pasted_masks(sequence, first, boxes)
