"""The tables of a benchmark."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from .meter import STAGES


def make_table(results: Sequence[dict], *, train: bool) -> str:
    """Return a Markdown table, a column for each setting."""
    kind = 'ms' if train else 'ms/frame'
    measured = [
        stage for stage in (*STAGES, 'rest') if any(stage in r['milliseconds'] for r in results)
    ]
    names = {'rest': 'losses and rest' if train else 'post-process and rest'}
    rows = [
        [f'{names.get(stage, stage)} ({kind})']
        + [f'{r["milliseconds"].get(stage, 0.0):.1f}' for r in results]
        for stage in [*measured, 'total']
    ]
    if all(len(result.get('passes', ())) > 1 for result in results):
        rows.append([f'quartiles ({kind})', *(_quartiles(result['passes']) for result in results)])
    rows.append(['frames per second', *(f'{r["frames_per_second"]:.3f}' for r in results)])
    if any('gflops' in result for result in results):
        gflops = [f'{r["gflops"]["total"]:.1f}' if 'gflops' in r else '' for r in results]
        rows.append(['GFLOPs/frame', *gflops])
    parameters = [result['parameters']['total'] for result in results]
    rows.append(['parameters (M)', *(f'{count["all"] / 1e6:.2f}' for count in parameters)])
    if all('memory' in result for result in results):
        rows.append(['peak memory (MB)', *(f'{r["memory"]["peak"]:.0f}' for r in results)])
    measures = [('time', lambda result: result['milliseconds']['total'])]
    if all('memory' in result for result in results):
        measures.append(('memory', lambda result: result['memory']['peak']))
    for suffix, kinds in (('', ('config', 'none')), (', checkpointing', ('frames',))):
        references = {
            result['config']: result
            for result in reversed(results)
            if result['plain'] and result['checkpointing'] in kinds
        }
        for title, measure in measures if references else []:
            ratios = [
                f'{measure(result) / measure(references[result["config"]]):.2f}'
                if result['config'] in references
                else ''
                for result in results
            ]
            rows.append([f'{title} / reference{suffix}', *ratios])
    headers = ['', *(result['name'] for result in results)]
    return tabulate(rows, headers=headers, tablefmt='github', disable_numparse=True)


def _quartiles(passes: Sequence[float]) -> str:
    low, _, high = statistics.quantiles(passes, n=4, method='inclusive')
    return f'{low:.1f} to {high:.1f}'


def parameter_table(results: Sequence[dict]) -> str:
    """Return a Markdown table of the parameters in each part of each config's model."""
    by_config = {result['config']: result['parameters'] for result in results}
    parts = dict.fromkeys(part for counts in by_config.values() for part in counts)
    rows = [
        [part, *(f'{counts.get(part, {}).get("all", 0):,}' for counts in by_config.values())]
        for part in [*(part for part in parts if part != 'total'), 'total']
    ]
    headers = ['parameters', *(Path(config).stem for config in by_config)]
    return tabulate(rows, headers=headers, tablefmt='github', disable_numparse=True)
