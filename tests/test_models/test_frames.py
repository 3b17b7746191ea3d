"""Frames in batches: those of one size together, padding cut off, instances by frame."""

import pytest
import torch

from tracking_samples import batch, make_clip
from vsd_mot.models.frames import FrameBatch, cut_padding, frame_objects, take

SIZES = [(4, 6), (2, 3), (4, 6), (2, 3), (4, 6)]


def frames_of(sizes: list[tuple[int, int]]) -> FrameBatch:
    images = torch.arange(len(sizes))[:, None, None, None].expand(-1, 3, 8, 8).float()
    return FrameBatch(images=images, raw=images.byte(), sizes=sizes)


@pytest.mark.parametrize(
    ('limit', 'calls'),
    [(None, [[0, 2, 4], [1, 3]]), (2, [[0, 2], [4], [1, 3]]), (1, [[0], [2], [4], [1], [3]])],
)
def test_frames_of_one_size_go_together_and_come_back_in_order(limit, calls):
    made = []

    def label(indices: list[int], size: tuple[int, int]) -> list[str]:
        made.append(indices)
        return [f'{index}: {size[0]} x {size[1]}' for index in indices]

    results = frames_of(SIZES).map_by_size(label, limit=limit)
    assert results == ['0: 4 x 6', '1: 2 x 3', '2: 4 x 6', '3: 2 x 3', '4: 4 x 6']
    assert made == calls


def test_no_frames_need_no_call():
    assert frames_of([]).map_by_size(lambda indices, size: 1 / 0) == []


@pytest.mark.parametrize(
    ('divisor', 'expected'), [(1, (5, 7)), (4, (8, 8)), (8, (8, 8)), (16, (16, 16))]
)
def test_padding_is_cut_to_a_multiple_or_added(divisor, expected):
    images = torch.ones(2, 3, 8, 8)
    cut = cut_padding(images, height=5, width=7, divisor=divisor)
    assert cut.shape[-2:] == expected
    assert cut.sum() == 2 * 3 * min(8, expected[0]) * min(8, expected[1])


@pytest.mark.parametrize(
    ('indices', 'shares_memory'), [([0, 1, 2], True), ([2, 3], True), ([1], True), ([0, 2], False)]
)
def test_images_in_a_row_are_taken_without_a_copy(indices, shares_memory):
    images = torch.arange(4 * 3 * 2 * 2).view(4, 3, 2, 2)
    taken = take(images, indices)
    assert taken.equal(torch.stack([images[index] for index in indices]))
    assert (taken.data_ptr() == images[indices[0]].data_ptr()) == shares_memory


def test_ground_truth_goes_to_its_frame_normalised_by_the_unpadded_size():
    inputs, samples = batch(make_clip((2, 0, 3), size=(64, 96), padded=(96, 128)))
    frames = FrameBatch.from_inputs(inputs, samples)
    assert len(frames) == 3
    assert frames.raw_frame(1).shape == (3, 64, 96)
    objects = frame_objects(samples, frames)
    assert [len(of_frame) for of_frame in objects] == [2, 0, 3]
    boxes = samples[0].gt_instances.bboxes[2:]
    x1, y1, x2, y2 = (boxes / torch.tensor([96, 64, 96, 64])).unbind(1)
    expected = torch.stack(((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1), dim=1)
    torch.testing.assert_close(objects[2].boxes, expected)
