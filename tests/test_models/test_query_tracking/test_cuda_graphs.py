"""CUDA graphs compute what the model computes, whatever the number of queries."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import pytest
import torch

from tracking_samples import build_tracker, make_video
from vsd_mot.apis import init_tracker, track_video, use_backend
from vsd_mot.errors import ExportError
from vsd_mot.export import set_backend
from vsd_mot.models.query_tracking.cuda_graphs import RecordedFunction, map_tensors

ROOT = Path(__file__).resolve().parents[3]
STUDENT = dict(type='StudentEncoder', embed_dims=128, hidden_dims=64, feedforward_dims=256)
on_a_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason='there is no CUDA device')


class Pair(NamedTuple):
    first: object
    second: object


@dataclass
class Boxed:
    value: object
    name: str = 'x'


def test_tensors_are_found_in_every_structure_and_in_order() -> None:
    numbers = [torch.tensor(float(index)) for index in range(5)]
    value = [
        Boxed({'a': numbers[0], 'b': (numbers[1], None)}),
        Pair(numbers[2], [numbers[3]]),
        Boxed(numbers[4], name='y'),
        (3, 'text'),
    ]
    found = []
    result = map_tensors(lambda one: found.append(one) or one + 10, value)
    assert found == numbers
    assert result[0].value['b'] == (torch.tensor(11.0), None)
    assert isinstance(result[1], Pair)
    assert result[1].second == [torch.tensor(13.0)]
    assert (result[2].value, result[2].name, result[3]) == (torch.tensor(14.0), 'y', (3, 'text'))


def test_refused_on_the_cpu_and_with_exported_graphs(tmp_path) -> None:
    model = build_tracker()
    with pytest.raises(ExportError, match='needs a GPU, and the model is on cpu'):
        set_backend(model, 'cuda-graphs')
    with pytest.raises(ExportError, match='runs no exported graphs'):
        set_backend(model, 'cuda-graphs', graphs=tmp_path)
    with pytest.raises(ExportError, match='Linear has no CUDA graphs'):
        set_backend(torch.nn.Linear(1, 1), 'cuda-graphs')
    assert model.runtime is None


def tracks(model, frames):
    results = []
    for inputs, sample in frames:
        inputs = {name: value.cuda() for name, value in inputs.items()}
        track = model.predict(inputs, [sample.clone().cuda()])[0]
        found = track.pred_track_instances
        results.append((found.instances_id, found.bboxes, found.scores, track.get('semantics')))
    return results


@pytest.mark.gpu
@on_a_gpu
@pytest.mark.parametrize('semantics', [False, True])
@pytest.mark.parametrize('amp', [False, True])
def test_the_same_tracks_on_a_gpu(semantics: bool, amp: bool) -> None:
    changes = {}
    if semantics:
        branch = dict(type='SemanticBranch', source=STUDENT)
        branch.update(fusion=dict(type='DSWR'), quality=dict(type='FittedFrameQuality'))
        changes = dict(semantics=branch)
    model = build_tracker(**changes).cuda().eval()
    # as many queries as there are proposals and tracks: another number in almost every frame
    counts = (5, 0, 9, 5)
    video = [
        frame for seed, count in enumerate(counts) for frame in make_video(4, count, 'a', seed)
    ]
    with torch.autocast('cuda', torch.bfloat16, enabled=amp):
        wanted = tracks(model, video)
        set_backend(model, 'cuda-graphs')
        found = tracks(model, video)
        again = tracks(model, video)
    assert any(len(ids) for ids, *_ in wanted)
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(again, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.gpu
@on_a_gpu
def test_results_stay_when_others_are_computed() -> None:
    double = RecordedFunction(lambda one: one * 2, 'a product')
    first, second = torch.arange(4.0).cuda(), torch.arange(4.0, 8.0).cuda()
    results = [double(first), double(second), double(first[:2])]
    assert [one.tolist() for one in results] == [[0, 2, 4, 6], [8, 10, 12, 14], [0, 2]]


@pytest.mark.gpu
@on_a_gpu
def test_what_waits_for_the_gpu_is_named() -> None:
    count = RecordedFunction(lambda one: one * float(one.sum()), 'the sum')
    with pytest.raises(ExportError, match='the sum cannot be recorded as a CUDA graph'):
        count(torch.ones(3).cuda())
    # and the GPU works on
    assert torch.ones(3).cuda().sum().item() == 3


@pytest.mark.gpu
@on_a_gpu
@pytest.mark.parametrize(
    ('config', 'weights'),
    [
        ('vsd-mot_tiny-nano_degraded-real_test-real', 'vsd-mot_tiny-nano_real'),
        ('vsd-mot_tiny_1xb2-1e_lqsynthetic-synthetic_test-lqsynthetic', 'vsd-mot_tiny_synthetic'),
    ],
)
def test_the_shipped_trackers_with_their_detectors(
    config: str, weights: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # TF32 rounds by other rules from one algorithm of cuDNN to the next, which a graph may take.
    monkeypatch.setattr(torch.backends.cudnn, 'allow_tf32', False)
    clip = cv2.VideoCapture(str(ROOT / 'demo/clip.mp4'))
    frames = [clip.read()[1] for _ in range(12)]
    tracker = init_tracker(
        str(ROOT / f'configs/vsd_mot/{config}.py'), str(ROOT / f'demo/{weights}.pth'), device='cuda'
    )
    wanted = list(track_video(tracker, frames))
    use_backend(tracker, 'cuda-graphs')
    found = list(track_video(tracker, frames))
    use_backend(tracker, None)
    eager = list(track_video(tracker, frames))
    assert any(len(result.ids) for result in wanted)
    for other in (found, eager):
        assert [one.ids.tolist() for one in other] == [one.ids.tolist() for one in wanted]
        for one, same in zip(other, wanted):
            assert abs(one.boxes - same.boxes).max(initial=0) < 0.01
