import pytest
import torch

import lgmot_published as published
from lgmot_samples import build_hierarchy
from vsd_mot.models.graph_tracking.clip_graph import ClipGraph
from vsd_mot.models.graph_tracking.tracklets import Tracklets


def published_hierarchy(prompts=True, **changes):
    torch.manual_seed(0)
    model = build_hierarchy(**dict(published=True) | changes)
    published.load(model, published.rule_state(), prompts)
    return model


def close(ours, theirs, relative=1e-4):
    theirs = published.tensor(theirs)
    torch.testing.assert_close(ours, theirs, rtol=relative, atol=relative)


@pytest.mark.parametrize('level', [0, 2])
@pytest.mark.parametrize('language', ['lang', 'nolang'])
def test_network_is_the_published_one(level, language):
    data = published.arrays('network')
    expected = {
        key.removeprefix(f'{language}_l{level}_'): data[key]
        for key in data
        if key.startswith(f'{language}_l{level}_')
    }
    # The file does not say how its nodes were made: they are given, zero_nodes is off.
    model = published_hierarchy(prompts=language == 'lang', zero_nodes=False)
    network = model.networks[model.network_of_level[level]]
    edges, features = published.tensor(data['edges']), published.tensor(data[f'attr_l{level}'])
    nodes = published.tensor(data['x'])
    close(network.edge_encoder(features), expected['enc_edge'])
    hidden = network.hidden_encoder(nodes)
    close(network.node_encoder(hidden), expected['enc_node'])
    found = network(nodes, edges, features, level_vector=model.level_vectors.weight[level])
    close(found.logits.T, expected['logits'])
    close(found.edges[0], expected['step2_edge'])
    close(found.edges[-1], expected['step12_edge'])
    if language == 'lang':
        close(found.hidden, expected['enc_mid'])
        scene = published.tensor(data['scene_vec'])
        owner = torch.zeros(edges.shape[1], dtype=torch.long)
        align = model.scene_alignment
        steps = [align(state[None], scene, owner) for state in found.edges]
        close(torch.stack(steps), expected['spg'])
        text = published.tensor(data['y_inst'])
        close(model.instance_alignment(found.hidden[None], text), expected['isg'])


@pytest.mark.parametrize('level', range(4))
def test_forward_and_loss_of_a_clip_are_the_published_ones(level):
    data = published.arrays('forward_clip0')
    construction = published.arrays('construct_clip0')
    clip, model = published.clip(0), published_hierarchy()
    cluster = torch.arange(len(clip))
    for below in range(level):
        cluster = published.tensor(construction[f'l{below}_clusters'])[cluster]
    tracklets = Tracklets.of(clip, cluster)
    graph = ClipGraph.cat([model.levels[level](clip, tracklets)])
    found = model.score(level, graph)
    for at, name in ((0, 'first'), (5, 'mid'), (10, 'last')):
        close(found.logits[at], data[f'l{level}_logits_{name}'])
    scene = clip.scene[None]
    steps = [model.scene_alignment(state[None], scene, graph.clip_of_edge) for state in found.edges]
    close(torch.stack(steps), data[f'l{level}_spg'])
    losses = model._level_losses(
        level, graph, edge_scores=found, clips=[clip], tracklets=[tracklets]
    )
    close(losses.get('isg', torch.tensor(0.0)), data[f'l{level}_isg'].astype('float32'))
    close(sum(losses.values()), data[f'l{level}_loss'][0])


@pytest.mark.parametrize('level', range(3))
def test_labels_merge_tracklets_as_published(level):
    data = published.arrays('construct_clip0')
    clip, model = published.clip(0), published_hierarchy()
    cluster = torch.arange(len(clip))
    for below in range(level):
        cluster = published.tensor(data[f'l{below}_clusters'])[cluster]
    graph = model.levels[level](clip, Tracklets.of(clip, cluster))
    assert torch.equal(
        model.merge(graph, graph.labels), published.tensor(data[f'l{level}_clusters'])
    )


CASES = dict(
    published_zero_nodes=dict(),
    published_zero_nodes_selffed=dict(),
    nonzero_nodes=dict(zero_nodes=False),
    baseline_no_language=dict(instance=False, scene=False, prompts=False),
)


@pytest.mark.parametrize('case', CASES)
def test_losses_and_gradients_are_the_published_ones(case):
    expected = published.numbers('losses')[case]
    prompts = CASES[case].get('prompts', True)
    model = published_hierarchy(**CASES[case])
    clips = [published.clip(number) for number in expected['clips']]
    losses = model.loss(clips, oracle='teacher' in expected['clusters'])
    for level, value in enumerate(expected['loss_per_level']):
        ours = sum(v for name, v in losses.items() if name.startswith(f'loss_l{level}_'))
        close(ours, torch.tensor(value))
        for term, key in (('isg', 'isg'), ('spg', 'spg_sum_over_steps')):
            if expected.get(key) and expected[key][level] is not None:
                ours = losses.get(f'loss_l{level}_{term}', torch.tensor(0.0))
                close(ours, torch.tensor(float(expected[key][level])))
    total = sum(losses.values())
    close(total, torch.tensor(expected['total']))
    total.backward()

    parameters = dict(model.named_parameters())
    names = published.load(model, published.rule_state(), prompts)
    compared = 0
    for theirs, ours in names.items():
        norm, gradient = expected['grad_norm_per_parameter'][theirs], parameters[ours].grad
        assert gradient.norm().item() == pytest.approx(norm, rel=1e-3, abs=1e-6), theirs
        compared += 1
    assert compared == len(parameters)
    for theirs, values in expected['grad_values'].items():
        if values is not None:
            ours = parameters[names[theirs]].grad.flatten()[: len(values)]
            torch.testing.assert_close(ours, torch.tensor(values), rtol=1e-3, atol=1e-4)


def test_parameters_are_the_published_ones_without_the_idle_encoder():
    keys = published.numbers('keys')
    model = build_hierarchy(width=2048)
    idle = sum(
        torch.Size(keys['state_dict'][name]).numel() for name in keys['idle_when_prompts_on']
    )
    assert sum(p.numel() for p in model.parameters()) == keys['unique_parameters'] - idle
    names = published.load(model, published.rule_state(width=2048))
    shapes = {ours: keys['state_dict'][theirs] for theirs, ours in names.items()}
    assert {name: list(p.shape) for name, p in model.named_parameters()} == shapes
