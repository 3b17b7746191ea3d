"""A search finds settings that a person of low score needs."""

import json

import pytest

from vsd_mot.commands import tune as command
from walking_people import BYTETRACK, HYBRID


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
