"""Tells how many objects of a set its proposals cover, and how many proposals are wrong.

python tools/analysis_tools/proposal_recall.py data/synthetic/proposals/val.proposals \
    data/synthetic/annotations/val.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from ..datasets.proposals import ProposalStore, frames_of_annotations, proposal_recall
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    parser.add_argument('proposals', help='proposal file')
    parser.add_argument('ann_file', help='annotation JSON with the same file names')
    parser.add_argument('--classes', nargs='+', default=['pedestrian'])
    parser.add_argument(
        '--score-thr', type=float, nargs='+', default=[0.05, 0.5], help='one or several thresholds'
    )
    parser.add_argument('--iou-thr', type=float, default=0.5)
    parser.add_argument(
        '--min-visibility', type=float, default=0.0, help='objects less visible do not count'
    )
    parser.add_argument('--json', help='write the numbers here, too')
    return parser.parse_args(args)


def open_proposals(path: str, ann_file: str) -> ProposalStore:
    """Return the proposals of all frames of an annotation file.

    Raises:
        OSError: One of the files is not there.
        ValueError: One of them is damaged, or they do not belong together.
    """
    store = ProposalStore(path)
    try:
        store.require(frames_of_annotations(ann_file), needed_by=ann_file)
    except KeyError as error:
        raise ValueError(error.args[0]) from error
    return store


def measure(options: argparse.Namespace) -> None:
    """Print a table."""
    store = open_proposals(options.proposals, options.ann_file)
    rows = []
    print(f'{"score >":>8} {"recall":>8} {"precision":>10} {"objects":>8} {"per frame":>10}')
    for score_thr in options.score_thr:
        report = proposal_recall(
            store,
            options.ann_file,
            classes=tuple(options.classes),
            score_thr=score_thr,
            iou_thr=options.iou_thr,
            min_visibility=options.min_visibility,
        )
        per_frame = report.proposals / max(1, len(store))
        print(
            f'{score_thr:8.2f} {report.recall:8.4f} {report.precision:10.4f} '
            f'{report.objects:8d} {per_frame:10.2f}'
        )
        rows.append(
            dict(
                score_thr=score_thr,
                iou_thr=options.iou_thr,
                recall=report.recall,
                precision=report.precision,
                objects=report.objects,
                proposals=report.proposals,
                recall_by_video=report.by_video,
            )
        )
    if options.json:
        with open(options.json, 'w', encoding='utf-8') as file:
            json.dump(rows, file, indent=1)


@one_line_errors('proposal_recall', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    measure(parse_args(args))
