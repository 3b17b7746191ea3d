"""Measure what it gains that damaged frames are named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tabulate import tabulate

from vsd_mot_cli import parser_of

from ..apis import init_tracker, track_video
from ..apis.shipped import REAL_PEOPLE
from ..evaluation.benchmark.damage import measure_damage
from ..evaluation.mot_files import COUNTS
from ..video.damage import DamageWatch
from ..video.results import FrameResult
from ..video.sources import FrameSource
from .user_errors import one_line_errors

parse_args = parser_of('benchmark_damage')
METRICS = ('HOTA', 'AssA', 'IDF1', 'IDSW', 'FP')


@one_line_errors('benchmark_damage', OSError, ValueError)
def main(args: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = parse_args(args)
    config, checkpoint = options.config, options.checkpoint
    if config is None:
        config, checkpoint = REAL_PEOPLE.files()
    tracker = init_tracker(
        config, checkpoint, device=options.device, cfg_options=options.cfg_options
    )
    damages = [one for one in options.damages if one != 'cut' or len(options.sequences) > 1]
    rows = []
    sequences = [Path(one) for one in options.sequences]

    def track(source: FrameSource, watch: DamageWatch) -> Iterable[FrameResult]:
        return track_video(tracker, source, watch=watch)

    for gain in measure_damage(track, sequences, damages, max_frames=options.max_frames):
        for watched, scores in (('ignored', gain.ignored), ('named', gain.named)):
            values = scores.combined
            line = [values[one] * (1 if one in COUNTS else 100) for one in METRICS]
            rows.append([gain.damage, watched, *line])
            print(f'{gain.damage} {watched}: HOTA {line[0]:.1f}', flush=True)
    print(tabulate(rows, headers=['damage', 'frames', *METRICS], floatfmt='.1f', tablefmt='github'))
