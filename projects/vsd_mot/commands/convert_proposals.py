"""Convert proposals: MOTRv2's det_db JSON or MOTChallenge's det.txt to a proposal file, and back.

python tools/dataset_converters/convert_det_db.py from-det-db det_db_motrv2.json \
    data/DanceTrack/proposals/train.proposals --strip DanceTrack/ --under train/
python tools/dataset_converters/convert_det_db.py from-det-txt data/MOT17 \
    data/MOT17/proposals/public.proposals
python tools/dataset_converters/convert_det_db.py to-det-db \
    data/DanceTrack/proposals/train.proposals det_db.json --prefix DanceTrack/
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ..datasets.proposals import (
    ProposalStore,
    read_det_db,
    read_det_txt,
    write_det_db,
    write_proposals,
)
from .command_line import command_parser
from .user_errors import one_line_errors


def parse_args(args: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = command_parser(__doc__)
    commands = parser.add_subparsers(dest='command', required=True)
    from_db = commands.add_parser('from-det-db', help='det_db JSON to a proposal file')
    from_db.add_argument('source', help='JSON file')
    from_db.add_argument('out', help='proposal file')
    from_db.add_argument('--strip', default='', help='leading part of the paths to take off')
    from_db.add_argument('--under', default='', help='take paths only that begin so, after --strip')
    from_db.add_argument('--suffix', default='.jpg', help='extension of the images')
    from_txt = commands.add_parser('from-det-txt', help='SEQUENCE/det/det.txt to a proposal file')
    from_txt.add_argument('source', help='folder of sequences, file names are relative to it')
    from_txt.add_argument('out', help='proposal file')
    to_db = commands.add_parser('to-det-db', help='a proposal file to det_db JSON')
    to_db.add_argument('source', help='proposal file')
    to_db.add_argument('out', help='JSON file')
    to_db.add_argument('--prefix', default='', help='put before every path')
    return parser.parse_args(args)


@one_line_errors('convert_det_db', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    if options.command == 'to-det-db':
        write_det_db(ProposalStore(options.source), options.out, options.prefix)
        return
    if options.command == 'from-det-db':
        frames = read_det_db(
            options.source, strip=options.strip, suffix=options.suffix, under=options.under
        )
    else:
        frames = read_det_txt(options.source)
    write_proposals(options.out, frames, meta=dict(detector=f'{options.command} {options.source}'))
    store = ProposalStore(options.out)
    print(f'{options.out}: {len(store)} frames, {store.num_proposals} proposals')
