"""The tracker: what it reports, what it remembers, what it refuses."""

import pytest
import torch
from mmengine.dataset import pseudo_collate
from mmengine.structures import InstanceData
from mmtrack.registry import DATASETS

from mask_tracks import SIZE, annotation, picture
from tiny_masks import tiny_tracker, write_mots_set


def test_annotated_masks_come_out_of_the_first_frame():
    tracker = tiny_tracker()
    found = tracker.follow(picture(), annotation=annotation(7, 300))
    assert found.instances_id.tolist() == [7, 300]
    assert found.masks.shape == (2, *SIZE)
    assert torch.equal(found.masks[0], annotation(7, 300) == 7)
    assert found.bboxes.tolist() == [[2, 2, 12, 12], [14, 2, 24, 12]]


def test_frames_of_a_set_are_followed_as_a_test_does_it(tmp_path):
    tracker = tiny_tracker()
    frames = DATASETS.build(
        dict(
            type='VideoMaskFrames',
            data_root=str(write_mots_set(tmp_path)),
            layout='mots',
            split='train',
        )
    )
    for at in range(len(frames)):
        (sample,) = tracker.test_step(pseudo_collate([frames[at]]))
        found = sample.pred_track_instances
        assert set(found.instances_id.tolist()) <= {1, 2, 3}
        assert found.masks.shape[1:] == (65, 97)
        assert len(found) == len(found.bboxes) == len(found.scores) == len(found.labels)
    assert tracker.segmenter.table.identities == [1, 2, 3]


def test_a_first_frame_without_objects_finds_none_and_waits_for_some():
    tracker = tiny_tracker()
    assert len(tracker.follow(picture())) == 0
    assert len(tracker.follow(picture(1), annotation=torch.zeros(SIZE, dtype=torch.int64))) == 0
    assert tracker.follow(picture(2), annotation=annotation(5)).instances_id.tolist() == [5]


def test_thirty_tracks_and_a_bounded_memory():
    tracker = tiny_tracker(objects=dict(type='TrackedBoxes'), memory=dict(long_gap=1))
    many = InstanceData(
        bboxes=torch.tensor([[2.0 * k, 5, 2 * k + 2, 20] for k in range(30)]),
        instances_id=torch.arange(30),
    )
    for frame in range(8):
        found = tracker.follow(picture(frame), tracks=many)
    assert found.masks.shape == (30, *SIZE)
    assert [len(one.memory.long_frames) for one in tracker.segmenter.followed] == [6, 6, 6]


def test_another_picture_size_is_refused_and_reset_begins_a_new_video():
    tracker = tiny_tracker()
    tracker.follow(picture(), annotation=annotation(1))
    larger = torch.zeros(3, 80, 60, dtype=torch.uint8)
    with pytest.raises(ValueError, match=r'frame 1 is \(80, 60\), the frames before it are'):
        tracker.follow(larger)
    tracker.reset()
    assert len(tracker.follow(larger)) == 0


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (torch.ones(10, 10, dtype=torch.int64), r'the annotation is \(10, 10\), the picture'),
        (-annotation(3), 'the identity -3; identities are above 0'),
    ],
)
def test_wrong_masks_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        tiny_tracker().follow(picture(), annotation=wrong)


def test_memory_in_seconds_needs_a_frame_rate():
    tracker = tiny_tracker(memory=dict(long_gap_seconds=1.0))
    with pytest.raises(ValueError, match='no frame rate'):
        tracker.follow(picture(), annotation=annotation(1))
    tracker.follow(picture(), annotation=annotation(1), fps=12.0)
    assert tracker.segmenter.settings.long_gap == 12


def test_bad_frames_are_not_remembered():
    tracker = tiny_tracker(
        memory=dict(long_gap=1, long_frames=3),
        veto=dict(type='QualityVeto', floor=0.0, relative=0.8, short=True),
    )
    sharp = picture()
    tracker.follow(sharp, annotation=annotation(1))
    grey = torch.full((3, *SIZE), 128, dtype=torch.uint8)
    tracker.follow(grey)
    memory = tracker.segmenter.followed[0].memory
    assert (memory.long_frames, memory.short_frames) == ([0], [0])
    tracker.follow(sharp)
    assert (memory.long_frames, memory.short_frames) == ([2, 0], [0, 2])


class Halves:
    """A refiner whose answer is the left half of each box."""

    def __call__(self, picture, boxes):
        masks = torch.zeros(len(boxes), *picture.shape[-2:], dtype=torch.bool)
        for mask, (x1, y1, x2, y2) in zip(masks, boxes.round().int().tolist()):
            mask[y1:y2, x1 : (x1 + x2) // 2] = True
        return masks


def test_refined_masks_are_shown_and_not_remembered():
    tracker = tiny_tracker()
    plain = tracker.follow(picture(), annotation=annotation(1))
    remembered = tracker.segmenter.followed[0].memory.long[0].values
    from vsd_mot.models.mask_tracking.refiners import MaskRefinement

    tracker.reset()
    tracker.refinement = MaskRefinement(Halves())
    refined = tracker.follow(picture(), annotation=annotation(1))
    assert 0 < refined.masks.sum() < plain.masks.sum()
    assert torch.equal(tracker.segmenter.followed[0].memory.long[0].values, remembered)
    tracker.objects = type(tracker.objects)()
    assert tracker.masks_of_boxes(picture(), torch.tensor([[0.0, 0, 10, 10]])).sum() == 50


def test_a_training_step_gives_finite_losses_and_gradients():
    tracker = tiny_tracker(clip_loss=dict(type='MaskClipLoss')).train()
    labels = torch.zeros(3, 33, 49, dtype=torch.int64)
    labels[:, 5:20, 5:20] = 1

    class Sample:
        label_maps, num_objects = labels, 1

    losses = tracker.loss(dict(img=torch.randn(1, 3, 3, 33, 49)), [Sample()])
    sum(losses.values()).backward()
    norms = [one.grad.norm() for one in tracker.vmos.parameters() if one.grad is not None]
    assert torch.stack(norms).isfinite().all()
    assert len(norms) == len(list(tracker.vmos.parameters()))
