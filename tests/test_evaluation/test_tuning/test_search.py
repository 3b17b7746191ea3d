"""A search finds settings that a person of low score needs."""

import json
from pathlib import Path

import pytest

from vsd_mot.commands import tune as command
from vsd_mot.engine.configs import load_config
from vsd_mot.evaluation.tuning import ProposalReplay
from walking_people import BOTSORT, BYTETRACK, HYBRID

CONFIGS = Path(__file__).parents[3] / 'configs'


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
        (
            BOTSORT,
            {
                'model.tracker.high_conf_det_threshold': [0.2, 0.3],
                'model.tracker.track_activation_threshold': [0.2, 0.7],
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


@pytest.mark.parametrize(
    ('space', 'config'),
    [
        ('sort', 'sort/sort_yolox-tiny_test-synthetic'),
        ('bytetrack', 'bytetrack/bytetrack_yolox-tiny_test-synthetic'),
        ('ocsort', 'ocsort/ocsort_yolox-tiny_test-synthetic'),
        ('botsort', 'trackers/botsort_yolox-tiny_test-synthetic'),
        ('cbiou', 'trackers/cbiou_yolox-tiny_test-synthetic'),
        ('bytetrack-roboflow', 'trackers/bytetrack-roboflow_yolox-tiny_test-synthetic'),
    ],
)
def test_shipped_spaces_fit_the_shipped_configs(space, config):
    spans = load_config(f'{CONFIGS}/_base_/tuning/{space}.py').space
    config = load_config(f'{CONFIGS}/{config}.py')
    for end in (0, -1):
        changed = load_config(config, {key: span[end] for key, span in spans.items()})
        ProposalReplay(changed)
