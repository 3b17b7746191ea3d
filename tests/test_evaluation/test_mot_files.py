"""Scores of MOTChallenge files."""

import motmetrics
import numpy as np
import pytest
import torch
from torchvision.ops import box_convert, box_iou

from mot_samples import RANDOM, sequence, walkers, write
from vsd_mot.evaluation import EvaluationError, evaluate_mot_files


def noisy(rows):
    """A tracker's answer: boxes off by a little, some missing, some false, identities that swap."""
    result = rows[RANDOM.uniform(size=len(rows)) < 0.85].copy()
    result[:, 2:] += RANDOM.normal(0, 1.5, (len(result), 4))
    late = result[:, 0] > 12
    result[late & (result[:, 1] == 1), 1] = 9
    false = np.array([[frame, 77, 300 + frame, 10, 20, 50] for frame in range(3, 9)])
    return np.concatenate((result, false))


def test_perfect_results_score_one(tmp_path):
    rows = sequence(tmp_path / 'gt')
    write(tmp_path / 'results' / 'walk.txt', rows, '1,-1,-1,-1')
    scores = evaluate_mot_files(tmp_path / 'gt', tmp_path / 'results')
    for name in ('HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1'):
        assert scores.combined[name] == pytest.approx(1.0)
    assert scores.combined['IDSW'] == scores.combined['FP'] == scores.combined['FN'] == 0
    assert scores.sequences['walk'] == scores.combined


def to_corners(boxes):
    return box_convert(torch.from_numpy(boxes), 'xywh', 'xyxy')


@pytest.mark.parametrize('tail', ['1,1,1', '1,-1,-1,-1', '1,4.4852,5.5016,0'])
def test_same_as_motmetrics(tmp_path, tail):
    """MOTA, IDF1, switches and counts by another implementation; MOT17's, MOT15's two forms."""
    rows = sequence(tmp_path / 'gt', tail=tail)
    result = noisy(rows)
    file = write(tmp_path / 'walk.txt', result, '0.9,-1,-1,-1')
    scores = evaluate_mot_files(tmp_path / 'gt' / 'walk', file).combined

    accumulator = motmetrics.MOTAccumulator()
    for frame in range(1, 21):
        truth, found = rows[rows[:, 0] == frame], result[result[:, 0] == frame]
        distances = 1 - box_iou(*(to_corners(rows[:, 2:]) for rows in (truth, found))).numpy()
        distances[distances > 0.5] = np.nan
        accumulator.update(truth[:, 1], found[:, 1], distances, frameid=frame)
    names = ['mota', 'idf1', 'num_switches', 'num_false_positives', 'num_misses']
    expected = motmetrics.metrics.create().compute(accumulator, metrics=names).iloc[0]
    assert scores['MOTA'] == pytest.approx(expected['mota'], abs=1e-6)
    assert scores['IDF1'] == pytest.approx(expected['idf1'], abs=1e-6)
    assert scores['IDSW'] == expected['num_switches'] == 1
    assert scores['FP'] == expected['num_false_positives']
    assert scores['FN'] == expected['num_misses']


def test_distractors_and_rows_not_considered(tmp_path):
    rows = walkers(count=3)
    lines = []
    for row in rows:
        flag, kind = {1: (1, 1), 2: (0, 7), 3: (0, 1)}[int(row[1])]
        box = ','.join(map(str, row[2:]))
        lines.append(f'{row[0]:.0f},{row[1]:.0f},{box},{flag},{kind},1')
    (tmp_path / 'walk' / 'gt').mkdir(parents=True)
    (tmp_path / 'walk' / 'gt' / 'gt.txt').write_text('\n'.join(lines))
    pedestrian = write(tmp_path / 'a.txt', rows[rows[:, 1] == 1], '1,-1,-1,-1')
    with_static = write(tmp_path / 'b.txt', rows[rows[:, 1] != 3], '1,-1,-1,-1')
    with_ignored = write(tmp_path / 'c.txt', rows, '1,-1,-1,-1')
    assert evaluate_mot_files(tmp_path, pedestrian).combined['HOTA'] == pytest.approx(1.0)
    # A result on a static person is taken out, one on a person not to be considered is false.
    assert evaluate_mot_files(tmp_path, with_static).combined['FP'] == 0
    assert evaluate_mot_files(tmp_path, with_ignored).combined['FP'] == 20


def test_several_sequences_and_no_tracks_at_all(tmp_path):
    one = sequence(tmp_path / 'gt', 'one')
    sequence(tmp_path / 'gt', 'two')
    write(tmp_path / 'results' / 'one.txt', one, '1,-1,-1,-1')
    (tmp_path / 'results' / 'two.txt').write_text('')
    scores = evaluate_mot_files(tmp_path / 'gt', tmp_path / 'results')
    assert scores.sequences['one']['MOTA'] == pytest.approx(1.0)
    assert scores.sequences['two']['HOTA'] == 0
    assert scores.combined['MOTA'] == pytest.approx(0.5)
    lines = scores.table().splitlines()
    assert [line.split()[0] for line in lines[2:]] == ['one', 'two', 'all']
    assert lines[2].split()[1:] == ['100.0', '100.0', '100.0', '100.0', '100.0', '0']
    chosen = evaluate_mot_files(tmp_path / 'gt', tmp_path / 'results', sequences=['one'])
    assert list(chosen.sequences) == ['one']


def test_mistakes_are_named(tmp_path):
    rows = sequence(tmp_path / 'gt', length=20)
    with pytest.raises(EvaluationError, match=r'no ground truth in .*expected gt/gt\.txt'):
        evaluate_mot_files(tmp_path, tmp_path)
    with pytest.raises(EvaluationError, match=r'1 of 1 result files are missing: .*walk\.txt'):
        evaluate_mot_files(tmp_path / 'gt', tmp_path / 'nowhere')
    with pytest.raises(EvaluationError, match='no ground truth of run'):
        evaluate_mot_files(tmp_path / 'gt', tmp_path, sequences=['run'])
    beyond = np.concatenate((rows, [[21, 1, 0, 0, 5, 5]]))
    file = write(tmp_path / 'walk.txt', beyond, '1,-1,-1,-1')
    with pytest.raises(EvaluationError, match=r'walk\.txt has frame 21, but walk ends with frame'):
        evaluate_mot_files(tmp_path / 'gt', file)
    sequence(tmp_path / 'gt', 'old', tail='1,-1,-1,-1')
    for name in ('walk', 'old'):
        write(tmp_path / 'both' / f'{name}.txt', rows, '1,-1,-1,-1')
    with pytest.raises(EvaluationError, match=r'is one file, but there is ground truth of 2'):
        evaluate_mot_files(tmp_path / 'gt', file)


def test_seqinfo_that_is_odd(tmp_path):
    rows = sequence(tmp_path / 'gt')
    result = write(tmp_path / 'walk.txt', rows, '1,-1,-1,-1')
    path = tmp_path / 'gt' / 'walk' / 'seqinfo.ini'
    path.write_text(path.read_text(), encoding='utf-8-sig')
    assert evaluate_mot_files(tmp_path / 'gt', result).combined['MOTA'] == 1.0
    for text, message in (
        ('[Sequence]\nseqLength=long\n', r'seqinfo\.ini: seqLength=long must be the number'),
        ('seqLength=20\n', r'seqinfo\.ini is not an ini file'),
    ):
        path.write_text(text)
        with pytest.raises(EvaluationError, match=message):
            evaluate_mot_files(tmp_path / 'gt', result)
