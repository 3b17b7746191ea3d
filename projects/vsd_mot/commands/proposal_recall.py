"""Tells how many objects of a set its proposals cover, and how many proposals are wrong."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..datasets.proposals import ProposalStore, frames_of_annotations, proposal_recall
from ..fileio import write_atomically
from .user_errors import one_line_errors

parse_args = parser_of('proposal_recall')


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
        write_atomically(options.json, json.dumps(rows, indent=1))


@one_line_errors('proposal_recall', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    measure(parse_args(args))
