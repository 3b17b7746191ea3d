"""Check the diagnosis on videos with one known fault each, made from good ones."""

from __future__ import annotations

from collections.abc import Sequence

from vsd_mot_cli import parser_of

from ..evaluation.video_diagnosis.known_faults import Checked, check_diagnosis
from ..video.reader import open_source
from .user_errors import one_line_errors

parse_args = parser_of('check_diagnosis')


@one_line_errors('check_diagnosis', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    checked: list[Checked] = []
    for address in options.inputs:
        source = open_source(address)
        frames = [frame for frame, _ in zip(source, range(options.frames))]
        source.close()
        for one in check_diagnosis(frames, source.fps, source.name, natural=options.natural):
            checked.append(one)
            mark, named = 'right' if one.right else 'WRONG', ', '.join(one.named) or 'no fault'
            print(f'{mark}  {one.video}  {one.fault or "clean"}: {named}', flush=True)
    faulty = [one for one in checked if one.fault]
    clean = [one for one in checked if not one.fault]
    print(
        f'{sum(one.right for one in faulty)} of {len(faulty)} faults are named first, '
        f'{sum(one.right for one in clean)} of {len(clean)} clean videos have no blame'
    )
