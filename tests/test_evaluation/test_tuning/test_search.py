import json

import numpy as np
import pytest
from mmengine.config import Config

from vsd_mot.commands import tune as command
from vsd_mot.datasets.proposals import write_proposals
from vsd_mot.evaluation.tuning import ProposalReplay, read_sequences

FRAMES = 12
BYTETRACK = dict(
    type='ByteTrack',
    motion=dict(type='KalmanFilter'),
    tracker=dict(
        type='ByteTracker',
        obj_score_thrs=dict(high=0.6, low=0.1),
        init_track_thr=0.7,
        match_iou_thrs=dict(high=0.1, low=0.5, tentative=0.3),
        num_frames_retain=30,
    ),
)
HYBRID = dict(type='MOTRv2', lifecycle=dict(type='HybridLifecycle', min_area=0))


@pytest.fixture
def stored(tmp_path):
    """Two people who walk; the detector is sure of one, and not of the other."""
    folder = tmp_path / 'set' / 'walk'
    (folder / 'img1').mkdir(parents=True)
    (folder / 'gt').mkdir()
    truth, frames = [], []
    for number in range(1, FRAMES + 1):
        (folder / 'img1' / f'{number:06d}.jpg').touch()
        boxes = np.array([[x, 20, x + 20, 80] for x in (10 + 2 * number, 150 - number)], 'f4')
        truth += [f'{number},{i + 1},{b[0]},{b[1]},20,60,1,1,1' for i, b in enumerate(boxes)]
        key = f'walk/img1/{number:06d}.jpg'
        frames.append((key, (100, 200), boxes, np.array([0.9, 0.4], 'f4')))
    (folder / 'gt' / 'gt.txt').write_text('\n'.join(truth))
    write_proposals(tmp_path / 'set.proposals', frames, {})
    return tmp_path


@pytest.mark.parametrize('model', [BYTETRACK, HYBRID])
def test_a_replay_tracks_who_is_sure(stored, model):
    (sequence,) = read_sequences(stored / 'set', stored / 'set.proposals')
    lines = ProposalReplay(Config(dict(model=model)))(sequence).splitlines()
    rows = np.array([line.split(',') for line in lines], float)
    assert rows[:, 0].tolist() == list(range(1, FRAMES + 1))
    assert (rows[:, 1] == 1).all()
    np.testing.assert_allclose(rows[:, 2], 10 + 2 * rows[:, 0], atol=1)


@pytest.mark.parametrize(
    ('model', 'space'),
    [
        (BYTETRACK, {'model.tracker.obj_score_thrs.high': [0.2, 0.7]}),
        (
            HYBRID,
            {
                'model.lifecycle.high_score': [0.2, 0.3],
                'model.lifecycle.birth_score': [0.2, 0.7],
            },
        ),
    ],
)
def test_a_search_finds_the_person_of_low_score(stored, model, space, capsys):
    config, spans, out = stored / 'tracker.py', stored / 'space.py', stored / 'tuned.json'
    config.write_text(f'model = {model!r}\n')
    spans.write_text(f'space = {space!r}\n')
    data = f'{stored / "set"}={stored / "set.proposals"}'
    command.main([str(config), '--space', str(spans), '--data', data, '--trials', '12',
                  '--out', str(out)])  # fmt: skip
    tuned = json.loads(out.read_text())
    assert tuned['score'] > tuned['first'] + 0.1
    assert set(tuned['settings']) == set(space)
    assert '--cfg-options' in capsys.readouterr().out


def test_a_lifecycle_that_needs_a_decoder_is_refused():
    with pytest.raises(ValueError, match='scores of a decoder'):
        ProposalReplay(Config(dict(model=dict(lifecycle=dict(type='TrackLifecycle')))))
