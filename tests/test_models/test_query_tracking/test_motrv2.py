import copy

import pytest
import torch

from tracking_samples import batch, build_tracker, make_clip, make_video

pytestmark = pytest.mark.usefixtures('double_precision')
EXACT = dict(atol=1e-9, rtol=1e-9)


@pytest.fixture(scope='module')
def tracker(double_precision):
    return build_tracker(denoising=None, encoder__num_layers=1)


def total(losses: dict[str, torch.Tensor]) -> torch.Tensor:
    return sum(losses.values())


def gradients(model, clips) -> tuple[torch.Tensor, list[torch.Tensor]]:
    model.zero_grad()
    loss = total(model.loss(*batch(*clips)))
    loss.backward()
    named = [p.grad for p in model.parameters() if p.requires_grad]
    return loss.detach(), [torch.zeros(()) if g is None else g.clone() for g in named]


@pytest.mark.parametrize(
    ('objects', 'proposals'),
    [((0, 0), (4, 4)), ((3, 2), (0, 0)), ((0, 0), (0, 0)), ((1, 1), (1, 1)), ((0, 40), (0, 60))],
)
def test_any_number_of_objects_and_proposals_trains(tracker, objects, proposals):
    loss, grads = gradients(tracker.train(), [make_clip(objects, proposals)])
    assert torch.isfinite(loss)
    assert loss > 0
    assert all(torch.isfinite(grad).all() for grad in grads)


@pytest.mark.parametrize('objects', [(0, 0), (3, 0)])
def test_denoising_copes_with_frames_without_objects(objects):
    model = build_tracker().train()
    losses = model.loss(*batch(make_clip(objects, (2, 2))))
    assert {'dn.loss_bbox', 'dn.d0.loss_iou'} <= set(losses)
    assert torch.isfinite(total(losses))


def test_every_part_gets_a_gradient():
    model = build_tracker(encoder__num_layers=1).train()
    # Scores above 0.5, or propagation has nothing to update.
    torch.nn.init.constant_(model.head.cls_branches[-1].bias, 9.0)
    total(model.loss(*batch(make_clip((3, 3, 3), (5, 5, 5))))).backward()
    for name, part in model.named_children():
        parameters = [p for p in part.parameters() if p.requires_grad]
        if parameters:
            assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in parameters), name


def test_padding_changes_nothing(tracker):
    plain = gradients(tracker.train(), [make_clip()])
    padded = gradients(tracker, [make_clip(padded=(96, 128))])
    assert torch.equal(plain[0], padded[0])
    for one, other in zip(plain[1], padded[1]):
        assert torch.equal(one, other)


def test_a_batch_of_clips_is_the_clips_alone(tracker):
    """Each clip weighs as much as it has objects, as it would on a rank of its own."""
    first, second = make_clip((3, 2), (4, 4), seed=1), make_clip((1, 4), (2, 6), seed=2)
    losses, grads = zip(*(gradients(tracker.train(), [clip]) for clip in (first, second)))
    loss, grad = gradients(tracker, [first, second])
    torch.testing.assert_close(loss, (losses[0] + losses[1]) / 2, **EXACT)
    for together, one, other in zip(grad, *grads):
        torch.testing.assert_close(together, (one + other) / 2, **EXACT)


def test_clips_of_different_sizes_in_a_batch(tracker):
    small, large = make_clip(padded=(96, 128)), make_clip(size=(96, 128), seed=3)
    alone = [total(tracker.train().loss(*batch(clip))) for clip in (small, large)]
    together = total(tracker.loss(*batch(small, large)))
    torch.testing.assert_close(together, (alone[0] + alone[1]) / 2, **EXACT)


def test_encoding_in_pieces_changes_nothing():
    whole, pieces = build_tracker(denoising=None), build_tracker(denoising=None, encode_batch=1)
    clip = make_clip((2, 2, 2), (3, 3, 3))
    expected, grads = gradients(whole.train(), [clip])
    loss, piece_grads = gradients(pieces.train(), [clip])
    torch.testing.assert_close(loss, expected, **EXACT)
    for one, other in zip(grads, piece_grads):
        torch.testing.assert_close(one, other, **EXACT)


def test_the_loss_is_a_sum_over_frames(tracker):
    clip = make_clip()
    frames, _ = tracker.train().frame_losses(*batch(clip))
    losses = tracker.loss(*batch(clip))
    assert len(frames) == 2
    assert set(frames[0]) == set(losses)
    for name in losses:
        torch.testing.assert_close(losses[name], frames[0][name] + frames[1][name], **EXACT)


def test_random_training_errors_can_be_turned_on():
    model = build_tracker(propagation__random_drop=0.5, propagation__fp_ratio=0.5).train()
    assert torch.isfinite(total(model.loss(*batch(make_clip((4, 4, 4), (6, 6, 6))))))


@pytest.fixture
def single_precision():
    torch.set_default_dtype(torch.float32)
    yield
    torch.set_default_dtype(torch.float64)


@pytest.mark.usefixtures('single_precision')
@pytest.mark.parametrize('dtype', [torch.bfloat16])
def test_autocast_trains_and_tracks_with_finite_numbers(dtype):
    model = build_tracker()
    clip = make_clip((3, 3), (4, 4))
    with torch.autocast('cpu', dtype=dtype):
        loss = total(model.train().loss(*batch(clip)))
        tracked = model.eval().predict(*batch(*make_video(2)))
    loss.backward()
    assert loss.dtype == torch.float32
    assert torch.isfinite(loss)
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    assert all(torch.isfinite(grad).all() for grad in grads)
    assert all(torch.isfinite(sample.pred_track_instances.bboxes).all() for sample in tracked)


def results(samples) -> list[tuple]:
    tracks = [sample.pred_track_instances for sample in samples]
    return [(t.instances_id.tolist(), t.bboxes, t.scores) for t in tracks]


def assert_same_tracks(some, others):
    assert len(some) == len(others)
    for (ids, boxes, scores), (other_ids, other_boxes, other_scores) in zip(some, others):
        assert ids == other_ids
        torch.testing.assert_close(boxes, other_boxes, **EXACT)
        torch.testing.assert_close(scores, other_scores, **EXACT)


def track(model, frames, window: int = 1) -> list[tuple]:
    model.eval().reset()
    samples = []
    for start in range(0, len(frames), window):
        samples += model.predict(*copy.deepcopy(batch(*frames[start : start + window])))
    return results(samples)


def test_a_window_of_frames_is_tracked_as_frame_by_frame(tracker):
    frames = make_video(7)
    single = track(tracker, frames)
    assert any(ids for ids, *_ in single)
    for window in (3, 7):
        assert_same_tracks(track(tracker, frames, window), single)


def test_a_new_video_starts_anew_also_inside_a_window(tracker):
    first, second = make_video(3, name='a'), make_video(3, name='b', seed=5)
    alone = track(tracker, first) + track(tracker, second)
    assert_same_tracks(track(tracker, first + second, window=4), alone)


def test_identities_are_unique_in_a_frame_and_boxes_are_in_original_pixels(tracker):
    for ids, boxes, scores in track(tracker, make_video(5)):
        assert len(set(ids)) == len(ids)
        assert (scores > 0.5).all()
        assert boxes.shape == (len(ids), 4)
        # The frame is 96 x 64, its original 192 x 128.
        if len(boxes):
            assert boxes[:, 2].max() > 96 or boxes[:, 3].max() > 64


def test_frames_without_proposals_keep_tracks_going(tracker):
    frames = make_video(2) + [
        (inputs, sample) for inputs, sample in make_video(4, proposals=0, seed=2)[2:]
    ]
    assert len(track(tracker, frames)) == 4


def test_no_proposals_and_no_detector_is_an_error_that_says_what_to_do(tracker):
    inputs, sample = make_clip((1,), (1,))
    del sample.proposals
    with pytest.raises(ValueError, match=r'000001\.jpg.*proposal_file.*ProposalDetector'):
        tracker.eval().predict(*batch((inputs, sample)))


def test_the_same_seed_builds_the_same_model_and_tracks_the_same():
    frames = make_video(3)
    assert_same_tracks(track(build_tracker(seed=4), frames), track(build_tracker(seed=4), frames))


def test_clock_counts_seconds_between_the_frames_of_a_video():
    model = build_tracker(clock=dict(unit='seconds', rate=30)).eval()
    seen = []
    settle = model.lifecycle.settle
    model.lifecycle.settle = lambda evidence: seen.append(evidence.elapsed) or settle(evidence)
    times = [0.0, 0.1, 1.1]
    for (inputs, sample), time in zip(make_video(3), times):
        sample.set_metainfo(dict(frame_time=time))
        model.predict(inputs, [sample])
    assert seen == pytest.approx([1, 3, 30])
