"""The trackers that the app offers."""

import pytest

from bright_box_tracker import write_config
from vsd_mot.app.model_choice import FIGURES, PEOPLE, ModelChoice, model_choice


def test_a_tracker_is_built_once_and_when_it_is_wanted() -> None:
    built = []
    models = ModelChoice({name: lambda name=name: built.append(name) or name for name in 'ab'})
    assert models.names == ['a', 'b']
    assert built == []
    assert models['b'] == models['b'] == 'b'
    assert built == ['b']
    with pytest.raises(KeyError):
        models['c']
    assert models.for_demo == 'a'


def test_the_shipped_ones_and_ones_own(tmp_path) -> None:
    assert model_choice().names == [PEOPLE, FIGURES]
    models = model_choice(str(write_config(tmp_path)), device='cpu')
    assert models.names == ['own: bright_boxes', PEOPLE, FIGURES]
    assert models.for_demo == FIGURES
    assert models[models.names[0]].classes == ('box',)
    assert models[FIGURES].classes[0] == 'pedestrian'
