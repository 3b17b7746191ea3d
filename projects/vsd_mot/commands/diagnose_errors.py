"""Say where a tracker's points are lost: missed, switched and fragmented by kind of object."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..evaluation import EvaluationError, MotTextError, read_mot_text
from ..evaluation.diagnosis import diagnose, error_table, read_truth
from ..evaluation.diagnosis.sequence_quality import frame_qualities
from ..mot_layout import is_sequence
from .user_errors import one_line_errors

parse_args = parser_of('diagnose_errors')


@one_line_errors('error', EvaluationError, MotTextError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    single = (options.ground_truth / 'gt' / 'gt.txt').is_file()
    folders = (
        [options.ground_truth]
        if single
        else sorted(path.parents[1] for path in options.ground_truth.glob('*/gt/gt.txt'))
    )
    if not folders:
        raise EvaluationError(
            f'no ground truth in {options.ground_truth}: expected gt/gt.txt in it, or in folders '
            'in it'
        )
    parts = []
    for folder in folders:
        file = options.results if options.results.is_file() else None
        file = file or options.results / f'{folder.name}.txt'
        truth = read_truth(folder)
        qualities = None
        if options.quality:
            images = folder if options.images is None else options.images
            images = images if is_sequence(images) else images / folder.name
            qualities = frame_qualities(images)
        parts.append(diagnose(truth, read_mot_text(file), qualities))
    print(error_table(parts))
