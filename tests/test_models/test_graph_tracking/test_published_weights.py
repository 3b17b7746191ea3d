"""Published LG-MOT weights by our names."""

import pytest
import torch

from vsd_mot.models.graph_tracking.published_weights import convert_published, our_names


@pytest.mark.parametrize('prompts', [True, False])
def test_names_are_those_of_one_node_encoder_and_differ(prompts):
    names = our_names(prompts=prompts)
    assert len(set(names.values())) == len(names)
    ours = 'networks.1.node_encoder.0.weight'
    (theirs,) = [name for name, value in names.items() if value == ours]
    middle = 'node_mlp2.fc_layers.0' if prompts else 'node_mlp.fc_layers.3'
    assert theirs == f'layers.1.encoder.{middle}.weight'


def test_others_are_left_out_and_missing_ones_named():
    state = {name: torch.tensor(float(at)) for at, name in enumerate(our_names())}
    converted = convert_published({**state, 'idle': torch.zeros(1)})
    assert converted == {our_names()[name]: value for name, value in state.items()}
    del state['layers.0.classifier.edge_mlp.fc_layers.0.bias']
    with pytest.raises(KeyError, match=r'1 weights .* missing, such as layers\.0\.classifier'):
        convert_published(state)
