"""LG-MOT's published checkpoints to ours."""

import pytest
import torch

import lgmot_published as published
from lgmot_samples import build_hierarchy
from vsd_mot.commands.convert_weights import LAYOUTS, main
from vsd_mot.engine.configs import find_config_file
from vsd_mot.engine.conversion import ConversionError, build_model
from vsd_mot.engine.safe_loading import load_weights


@pytest.mark.parametrize(
    ('layout', 'prompts'), [('lg_mot', True), ('lg_mot_without_prompts', False)]
)
def test_the_command_writes_weights_that_fill_the_hierarchy(tmp_path, capsys, layout, prompts):
    state = published.rule_state(width=2048)
    torch.save(state, tmp_path / 'published.pth')
    assert not main([layout, str(tmp_path / 'published.pth'), str(tmp_path / 'ours.pth')])
    assert 'the same weight under a second name' in capsys.readouterr().out
    weights = load_weights(tmp_path / 'ours.pth')['state_dict']
    tracker = build_model(find_config_file(LAYOUTS[layout].config))
    missing, unexpected = tracker.load_state_dict(weights, strict=False)
    assert not unexpected
    assert all(key.startswith('appearance.') for key in missing)
    first = 'encoder.node_mlp1.fc_layers.0' if prompts else 'encoder.node_mlp.fc_layers.0'
    for number, network in enumerate(tracker.hierarchy.networks):
        theirs = state[f'layers.{number}.{first}.weight']
        assert torch.equal(network.hidden_encoder[0].weight, theirs)


def test_every_published_weight_is_used_dropped_or_an_alias():
    state = published.rule_state()
    conversion = published.convert(state, build_hierarchy())
    assert set(conversion.used) | set(conversion.dropped) == set(state)
    idle = set(published.numbers('keys')['idle_when_prompts_on'])
    dropped = {key for key, why in conversion.dropped.items() if 'never used' in why}
    assert dropped == {key for key in idle if key.startswith(('layers.0.', 'layers.1.'))}


def test_levels_that_should_share_weights_and_do_not_are_refused():
    state = published.rule_state()
    state['layers.3.classifier.edge_mlp.fc_layers.0.bias'] += 1
    with pytest.raises(ConversionError, match=r'layers\.3\.classifier.* differs'):
        published.convert(state, build_hierarchy())


def test_missing_weights_and_other_checkpoints_are_refused():
    state = published.rule_state()
    prompts = {k: v for k, v in state.items() if '.node_mlp.' not in k}
    with pytest.raises(ConversionError, match=r'hidden_encoder.*lg_mot.py converts'):
        published.convert(prompts, build_hierarchy(), prompts=False)
    with pytest.raises(ConversionError, match='no LG-MOT checkpoint'):
        published.convert({'backbone.conv1.weight': torch.zeros(1)}, build_hierarchy())
