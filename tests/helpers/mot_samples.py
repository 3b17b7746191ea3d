"""People who walk, as MOTChallenge files."""

import numpy as np

RANDOM = np.random.default_rng(3)


def walkers(frames=20, count=4):
    """Ground truth: rows of frame, id, x, y, w, h."""
    rows = []
    for identity in range(1, count + 1):
        start, speed = RANDOM.uniform(0, 200, 2), RANDOM.uniform(-4, 4, 2)
        for frame in range(1, frames + 1):
            rows.append([frame, identity, *(start + speed * frame), 20.5, 50.25])
    return np.array(rows)


def write(path, rows, tail):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f'{row[0]:.0f},{row[1]:.0f},' + ','.join(f'{v:.3f}' for v in row[2:]) for row in rows]
    path.write_text(''.join(f'{line},{tail}\n' for line in lines))
    return path


def sequence(root, name='walk', rows=None, tail='1,1,1', length=20):
    rows = walkers() if rows is None else rows
    write(root / name / 'gt' / 'gt.txt', rows, tail)
    (root / name / 'seqinfo.ini').write_text(f'[Sequence]\nname={name}\nseqLength={length}\n')
    return rows
