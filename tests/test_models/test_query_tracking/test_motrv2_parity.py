"""Against fixtures made by running the published MOTRv2 at full size, in float32 on the CPU."""

import re

import pytest
import torch

from published import fixture_clip, fixture_inputs, load_fixture, published_tracker
from vsd_mot.models.frames import FrameBatch
from vsd_mot.models.query_tracking.motrv2 import frame_objects
from vsd_mot.models.query_tracking.queries import Proposals, QuerySet

# Tolerances of the issue, above the noise of the published code against itself in float64.
LOGITS, BOXES, STATES = 1e-4, 1e-5, 3e-5


def frames_of(arrays) -> FrameBatch:
    inputs = fixture_inputs(arrays)
    size = tuple(arrays['images'].shape[1:3])
    return FrameBatch(inputs['img'][0], inputs['raw'][0], [size] * len(arrays['images']))


def close(actual, expected, tolerance):
    torch.testing.assert_close(actual, expected.reshape(actual.shape), atol=tolerance, rtol=0)


def test_the_model_has_the_published_number_of_parameters():
    model = published_tracker()
    # The frozen batch norms' scales and shifts are parameters here and buffers there.
    norms = sum(
        p.numel() for n, p in model.backbone.named_parameters() if 'bn' in n or 'downsample.1' in n
    )
    assert sum(p.numel() for p in model.parameters()) - norms == 41_875_718
    assert sum(p.numel() for p in model.parameters() if p.requires_grad) == 41_653_318


@pytest.fixture(scope='module')
def stages():
    """Outputs of the modules that the fixture has statistics of, of the first frame."""
    fixture = load_fixture('motrv2_infer')
    model = published_tracker().eval()
    seen = {}

    def keep(name, part=None):
        def hook(module, inputs, output):
            seen[name] = output if part is None else output[part]

        return hook

    for layer in range(6):
        model.encoder.layers[layer].register_forward_hook(keep(f'encoder_layer{layer}'))
        model.encoder.layers[layer].self_attn.register_forward_hook(
            keep(f'encoder_layer{layer}_self_attn')
        )
    frames = frames_of(fixture.arrays)
    with torch.no_grad():
        levels = model.backbone(frames.images[:1])
        projected = model.neck(levels)
        model.encoder(projected)
    seen |= {f'backbone_level{i}': level for i, level in enumerate(levels)}
    seen |= {f'input_proj_level{i}': level for i, level in enumerate(projected)}
    for i, level in enumerate(projected):
        shape = tuple(level.shape[-2:])
        seen[f'pos_level{i}'] = model.encoder.position_encoding(torch.zeros(1, *shape))
    return seen, fixture.facts['intermediate_frame0']


@pytest.mark.parametrize(
    'name',
    [f'pos_level{i}' for i in range(4)]
    + [f'backbone_level{i}' for i in range(3)]
    + [f'input_proj_level{i}' for i in range(4)]
    + ['encoder_layer0_self_attn', 'encoder_layer0', 'encoder_layer5'],
)
def test_stages_before_the_decoder(stages, name):
    seen, facts = stages
    expected, actual = facts[name], seen[name].detach()
    assert list(actual.shape) == expected['shape']
    picked = actual.flatten()[torch.tensor(expected['sample_idx'])]
    close(picked, torch.tensor(expected['sample']), 2e-5)
    assert actual.mean().item() == pytest.approx(expected['mean'], abs=1e-5)
    assert actual.std(correction=0).item() == pytest.approx(expected['std'], abs=1e-5)


@pytest.mark.parametrize('batched', [True, False], ids=['window', 'frame-by-frame'])
def test_six_frames_of_tracking(batched):
    fixture = load_fixture('motrv2_infer')
    arrays = fixture.arrays
    model = published_tracker(lifecycle__miss_tolerance=3, encode_batch=None if batched else 1)
    model.eval()
    events = dict(births=[], deletions=[], misses=[])
    with torch.no_grad():
        features = model.encode(frames_of(arrays))
        for t in range(6):
            found = arrays[f'f{t}_proposals'].reshape(-1, 5)
            proposals = Proposals(found[:, :4], found[:, 4])
            queries = model.gather(proposals, model.tracks)
            close(queries.reference_boxes, arrays[f'f{t}_in_ref_pts'], BOXES)
            assert queries.track_ids.tolist() == arrays[f'f{t}_obj_idxes_before'].tolist()

            output = model.decoder(
                queries.contents,
                queries.reference_boxes,
                features=features[t],
                head=model.head,
            )
            close(output.states, arrays[f'f{t}_hs'], STATES)
            close(output.logits, arrays[f'f{t}_layer_logits'], LOGITS)
            close(output.boxes, arrays[f'f{t}_layer_boxes'], BOXES)

            reported, _ = model.track(
                (480, 672), features[t], description=None, proposals=proposals
            )
            after = arrays[f'f{t}_obj_idxes']
            tracks = model.tracks
            survivors = torch.nonzero(after >= 0).flatten()
            assert survivors.tolist() == arrays[f'f{t}_survive'].flatten().tolist()
            assert tracks.track_ids.tolist() == arrays[f'f{t}_track_obj_idxes'].tolist()
            assert tracks.missed.tolist() == arrays[f'f{t}_disappear_time'][survivors].tolist()
            close(tracks.contents, arrays[f'f{t}_track_query_pos'], STATES)
            close(tracks.reference_boxes, arrays[f'f{t}_track_ref_pts'], BOXES)
            close(tracks.scores, arrays[f'f{t}_track_scores'], BOXES)
            collect(events, t, queries, after.tolist(), output.logits[-1].sigmoid().flatten())
            assert_same_lines(mot_lines(t, reported), fixture.facts['mot_lines'][t])
    for name in ('births', 'deletions', 'misses'):
        assert sorted(events[name]) == sorted(fixture.facts['events'][name]), name


def collect(events: dict, frame: int, queries: QuerySet, after: list[int], scores) -> None:
    """Note what happened to identities in a frame, as the fixture lists it."""
    for index, (old, new) in enumerate(zip(queries.track_ids.tolist(), after)):
        if old < 0 <= new:
            events['births'].append([frame, index, new])
        elif new < 0 <= old:
            events['deletions'].append([frame, index, old])
        elif new >= 0 and scores[index] < 0.5:
            events['misses'].append([frame, index, new])


def mot_lines(frame: int, tracks) -> list[str]:
    lines = []
    for box, identity in zip(tracks.bboxes.tolist(), tracks.instances_id.tolist()):
        x1, y1, x2, y2 = box
        numbers = ','.join(f'{v:.2f}' for v in (x1, y1, x2 - x1, y2 - y1))
        lines.append(f'{frame + 1},{identity},{numbers},1,-1,-1,-1')
    return lines


def assert_same_lines(actual: list[str], expected: list[str]) -> None:
    """Equal identities; numbers may differ in the last decimal, where noise may round them."""
    assert [line.split(',')[:2] for line in actual] == [line.split(',')[:2] for line in expected]
    for one, other in zip(actual, expected):
        numbers = [[float(value) for value in line.split(',')[2:]] for line in (one, other)]
        assert numbers[0] == pytest.approx(numbers[1], abs=0.0101)


GROUPS = dict(
    backbone='backbone.',
    input_proj='neck.',
    encoder='encoder.layers',
    decoder='decoder.',
    level_embed='encoder.level_embeds',
    class_embed='head.cls_branches',
    bbox_embed='head.reg_branches',
    query_embed='detection_queries.query_embed',
    position='detection_queries.position',
    yolox_embed='detection_queries.proposal_embed',
    track_embed='propagation',
    refine_embed='denoising',
)
VARIANTS = dict(
    batch=dict(),
    frame_by_frame=dict(encode_batch=1),
    checkpointing=dict(encoder__with_cp=True, decoder__with_cp=True, backbone__with_cp=True),
    no_checkpointing=dict(encoder__with_cp=False),
    padding=dict(padded=(192, 256)),
)


def published_name(frame: int, name: str) -> tuple[str, float]:
    """The published name of one of our losses, and the weight it has there outside of it."""
    noisy, layer, term = re.fullmatch(r'(dn\.)?(?:d(\d)\.)?loss_(\w+)', name).groups()
    term, weight = {'cls': ('ce', 2), 'bbox': ('bbox', 5), 'iou': ('giou', 2)}[term]
    if noisy:
        middle = 'ps0_' if layer is None else f'ps{int(layer) + 1}_'
    else:
        middle = '' if layer is None else f'aux{layer}_'
    return f'frame_{frame}_{middle}loss_{term}', weight


@pytest.mark.parametrize('variant', VARIANTS)
@pytest.mark.parametrize('fixture_name', ['motrv2_train', 'motrv2_denoise'])
def test_a_training_step(fixture_name, variant):
    fixture = load_fixture(fixture_name)
    changes = dict(VARIANTS[variant])
    padded = changes.pop('padded', None)
    model = published_tracker(**changes).train()
    if fixture_name == 'motrv2_denoise':
        feed_noise(model, fixture.arrays)
    else:
        model.denoising = None
    losses, _ = model.frame_losses(
        fixture_inputs(fixture.arrays, padded), [fixture_clip(fixture.arrays)]
    )

    seen = set()
    for frame, by_name in enumerate(losses):
        for name, value in by_name.items():
            key, weight = published_name(frame, name)
            seen.add(key)
            expected = fixture.facts['losses'][key]
            assert value.item() / weight == pytest.approx(expected, rel=1e-4), key
    assert seen == set(fixture.facts['losses'])

    total = sum(value for by_name in losses for value in by_name.values())
    assert total.item() == pytest.approx(fixture.facts['weighted_total'], rel=1e-4)
    total.backward()
    for group, expected in fixture.facts['grad_group_norms'].items():
        squares = [
            p.grad.double().square().sum()
            for n, p in model.named_parameters()
            if n.startswith(GROUPS[group]) and p.grad is not None
        ]
        assert sum(squares).sqrt().item() == pytest.approx(expected, rel=1e-4), group


def feed_noise(model, arrays) -> None:
    """Let the denoising queries use the fixture's random numbers instead of drawn ones."""
    noise = iter([arrays[f'f{t}_rand'] for t in range(len(arrays['images']))])
    jitter = model.denoising.forward
    model.denoising.forward = lambda boxes: jitter(boxes, next(noise))


def test_matches_and_tracks_of_a_training_clip():
    arrays = load_fixture('motrv2_train').arrays
    model = published_tracker(denoising=None).train()
    frames = frames_of(arrays)
    sample = fixture_clip(arrays)
    features = model.encode(frames)
    proposals = model.propose(frames, features, [sample])
    steps = model.walk_clip(
        features,
        descriptions=[None] * 3,
        proposals=proposals,
        objects=frame_objects([sample], frames),
    )
    for t, (_, _, matches, tracks) in enumerate(steps):
        for layer, match in enumerate(matches):
            name = 'match_last' if layer == 5 else f'match_aux{layer}'
            expected = {tuple(row) for row in arrays[f'f{t}_{name}'].reshape(-1, 2).tolist()}
            assert set(zip(match.queries.tolist(), match.objects.tolist())) == expected, name
        if t < 2:
            assert tracks.track_ids.tolist() == arrays[f'f{t}_q_obj_idxes'].tolist()
            close(tracks.contents, arrays[f'f{t}_q_query_pos'], STATES)
            close(tracks.reference_boxes, arrays[f'f{t}_q_ref_pts'], BOXES)
            close(tracks.ious, arrays[f'f{t}_q_iou'], 1e-4)


def test_a_batch_of_two_clips_is_the_two_alone():
    """The second clip is the first one's frames upside down, with the same objects."""
    arrays = load_fixture('motrv2_train').arrays
    inputs, sample = fixture_inputs(arrays), fixture_clip(arrays)
    model = published_tracker(denoising=None).train()
    other = {key: value.flip(-2) for key, value in inputs.items()}
    alone = [sum(model.loss(clip, [sample]).values()).item() for clip in (inputs, other)]
    both = {key: torch.cat((inputs[key], other[key])) for key in inputs}
    together = sum(model.loss(both, [sample, sample]).values()).item()
    assert together == pytest.approx(sum(alone) / 2, rel=1e-4)
