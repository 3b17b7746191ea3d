r"""Convert MOTRv2's det_db or det.txt to a proposal file, and back.

vsd-mot convert proposals from-det-db det_db_motrv2.json \
    data/DanceTrack/proposals/train.proposals --strip DanceTrack/ --under train/
vsd-mot convert proposals from-det-txt data/MOT17 \
    data/MOT17/proposals/public.proposals
vsd-mot convert proposals to-det-db \
    data/DanceTrack/proposals/train.proposals det_db.json --prefix DanceTrack/
vsd-mot convert proposals seal old.proposals new.proposals
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
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
    sealing = commands.add_parser('seal', help='a proposal file of version 1 to one with a digest')
    sealing.add_argument('source', help='proposal file that is known to be whole')
    sealing.add_argument('out', help='proposal file')
