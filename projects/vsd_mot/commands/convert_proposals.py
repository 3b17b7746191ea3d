"""Convert proposals: det_db or det.txt to a proposal file, and back; old ones to those of today."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..datasets.proposals import (
    ProposalStore,
    read_det_db,
    read_det_txt,
    write_det_db,
    write_proposals,
)
from .user_errors import one_line_errors

parse_args = parser_of('convert_proposals')


@one_line_errors('convert_det_db', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    if options.command == 'to-det-db':
        write_det_db(ProposalStore(options.source), options.out, options.prefix)
        return
    meta = dict(detector=f'{options.command} {options.source}')
    if options.command == 'from-det-db':
        frames = read_det_db(
            options.source, strip=options.strip, suffix=options.suffix, under=options.under
        )
    elif options.command == 'seal':
        old = ProposalStore(options.source, unsealed=True)
        frames, meta = map(old.frame, old), old.meta
    else:
        frames = read_det_txt(options.source)
    write_proposals(options.out, frames, meta=meta)
    store = ProposalStore(options.out)
    print(f'{options.out}: {len(store)} frames, {store.num_proposals} proposals')
