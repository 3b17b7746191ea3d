"""The recipes give the splits of the paper."""

import json

from lq_samples import run, write_sequence


def test_recipes_give_the_splits_of_the_paper(tmp_path):
    dance = tmp_path / 'dance'
    for number in range(3):
        write_sequence(dance / 'train' / f'dancetrack{number:04d}', frames=1)
    for number in range(3, 5):
        write_sequence(dance / 'val' / f'dancetrack{number:04d}', frames=1)
    assert run(dance, tmp_path / 'lqdance', '--recipe', 'lqdancetrack') == 0
    assert len(list((tmp_path / 'lqdance/train').iterdir())) == 2
    assert len(list((tmp_path / 'lqdance/val').iterdir())) == 2

    mot = tmp_path / 'mot'
    for number in ('02', '04', '05', '09', '10', '11', '13'):
        for detector in ('DPM', 'FRCNN', 'SDP'):
            write_sequence(mot / 'MOT17/train' / f'MOT17-{number}-{detector}', frames=1)
    for number in ('01', '02', '03', '05'):
        write_sequence(mot / 'MOT20/train' / f'MOT20-{number}', frames=1)
    # DST beside its sources, in their common parent
    assert run(mot, mot / 'LQMOT', '--recipe', 'lqmot', '--rest', 'copy') == 0
    train = sorted(path.name for path in (mot / 'LQMOT/train').iterdir())
    val = sorted(path.name for path in (mot / 'LQMOT/val').iterdir())
    assert len(train) == 7
    assert sum(name.startswith('MOT17') for name in train) == 5
    assert len(val) == 4
    assert all(name.endswith('-FRCNN') for name in train + val if name.startswith('MOT17'))
    flags = json.loads((mot / 'LQMOT/manifest.json').read_text())['sequences']
    assert sum(s['degraded'] for s in flags if s['path'].startswith('train')) == 5
    assert all(s['degraded'] for s in flags if s['path'].startswith('val'))
