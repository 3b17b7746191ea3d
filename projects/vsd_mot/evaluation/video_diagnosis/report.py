"""A diagnosis as text and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np

from .expectation import expected_loss
from .findings import Finding
from .measuring import VideoFacts

# Features that a reader understands, with their names in print.
PRINTED = {
    'flat_diagonal_0': 'noise (log energy in flat places)',
    'high_0': 'fine structure (log energy)',
    'direction_1': 'motion blur (difference of directions)',
    'grid': 'blockiness',
    'range': 'contrast (log range of grey)',
    'level': 'brightness',
    'colour': 'colour (log saturation)',
}


def overview(facts: VideoFacts) -> dict[str, str]:
    """Return what one wants to know of a video first, by name, as text."""
    steps = np.diff(facts.times)
    steps = steps[steps > 0]
    rate = f'{1 / np.median(steps):.2f}' if len(steps) else f'{facts.nominal_fps:.2f}'
    rows = {
        'size': f'{facts.size[0]} x {facts.size[1]}',
        'frames read': f'{facts.frames}' + (f' of {facts.length}' if facts.length else ''),
        'frames per second': f'{rate} (the file says {facts.nominal_fps:.2f})',
        'quality Q': f'{facts.quality:.2f}',
    }
    if len(steps) > 2:
        low, high = np.percentile(steps, (5, 95))
        rows['jitter'] = f'{1000 * low:.0f} to {1000 * high:.0f} ms from frame to frame'
    if facts.container is not None:
        box = facts.container
        rows['codec'] = f'{box.codec}, {box.bitrate / 1e6:.2f} Mbit/s, '
        rows['codec'] += f'{box.bits_per_pixel:.3f} bits per pixel, '
        rows['codec'] += f'a key frame every {box.key_frames:.0f} frames'
    named = {k: v for k, v in facts.damage.items() if v and k != 'longest_freeze'}
    rows['damage'] = ', '.join(f'{v} {k}' for k, v in named.items()) or 'none'
    if facts.notes:
        rows['notes'] = '; '.join(facts.notes)
    if facts.pictures:
        level, colour = facts.middle('level'), facts.middle('colour')
        rows['light'] = 'night' if level < 0.2 or colour < 0.8 else 'day'
        rows['light'] += ', no colour' if colour < 0.8 else ''
    if facts.heights is not None:
        known = len(facts.heights) > 0
        rows['people'] = f'{np.median(facts.heights):.0f} pixels high' if known else 'none found'
    return rows


def as_dict(
    facts: VideoFacts,
    findings: Sequence[Finding],
    losses: Mapping[str, np.ndarray] | None = None,
) -> dict:
    """Return a diagnosis as JSON holds it.

    Args:
        facts: The measurements.
        findings: The faults.
        losses: What corruptions cost, see :func:`expected_loss`.
    """
    faults = []
    for finding in findings:
        loss = expected_loss(finding.corruption, finding.strength, losses)
        entry = asdict(finding)
        entry['strength'] = round(finding.strength, 3)
        entry['expected_hota_loss'] = None if loss is None else [round(part, 4) for part in loss]
        faults.append(entry)
    frames = [
        dict(
            frame=one.number,
            time=round(one.time, 4),
            quality=round(one.quality, 4),
            **{name: round(one.features[name], 4) for name in PRINTED},
        )
        for one in facts.pictures
    ]
    return dict(video=facts.name, overview=overview(facts), faults=faults, frames=frames)


def as_text(report: dict) -> str:
    """Return a diagnosis as lines to be read.

    Args:
        report: Of :func:`as_dict`.
    """
    lines = [report['video'], *(f'  {name}: {text}' for name, text in report['overview'].items())]
    if not report['faults']:
        return '\n'.join([*lines, 'no fault was found'])
    lines.append('faults, the worst first:')
    for number, fault in enumerate(report['faults'], start=1):
        lines.append(f'{number}. {fault["fault"]}: {fault["detail"]}')
        lines.append(f'   expected: {loss_in_words(fault["expected_hota_loss"])}')
        lines.append(f'   advice: {fault["advice"]}')
        if fault['profile']:
            lines.append(f'   profile: {fault["profile"]}')
    return '\n'.join(lines)


def loss_in_words(loss: Sequence[float] | None) -> str:
    """Say what a fault costs."""
    if loss is None:
        return 'HOTA was not measured for this'
    low, high = (100 * part for part in loss)
    return f'{low:.0f} to {high:.0f} % less HOTA (the range over the trackers of the benchmark)'
