"""The masks of a frame."""

import pytest
import torch
from mmengine.structures import InstanceData

from vsd_mot.models.mask_tracking.frame_masks import FrameMasks, of_objects, of_tracks, without


@pytest.fixture
def objects():
    """Person 7 on the left, person 3 on the right, person 5 hidden."""
    labels = torch.zeros(4, 6, dtype=torch.int64)
    labels[1:3, 0:2] = 1
    labels[0:4, 4] = 2
    return FrameMasks(labels, [7, 3, 5], torch.tensor([0.9, 0.8, 0.0]))


def test_one_mask_for_each_object(objects):
    assert objects.masks.shape == (3, 4, 6)
    assert objects.masks.flatten(1).sum(dim=1).tolist() == [4, 4, 0]
    assert objects.masks[0, 1, 0]


def test_who_is_removed_becomes_background(objects):
    rest = without(objects, [7])
    assert rest.identities == [3, 5]
    assert rest.labels.unique().tolist() == [0, 1]
    torch.testing.assert_close(rest.masks, objects.masks[1:])
    torch.testing.assert_close(rest.scores, objects.scores[1:])
    nobody = without(objects, [7, 3, 5])
    assert nobody.masks.shape == (0, 4, 6)
    assert not nobody.labels.any()


def test_objects_with_a_pixel_have_boxes_around_it(objects):
    instances = of_objects(objects)
    assert instances.instances_id.tolist() == [7, 3]
    # (x1, y1, x2, y2) in pixels, the last pixel included.
    assert instances.bboxes.tolist() == [[0, 1, 2, 3], [4, 0, 5, 4]]
    assert instances.scores.tolist() == pytest.approx([0.9, 0.8])


def test_a_frame_without_objects(objects):
    assert len(of_objects(without(objects, [7, 3, 5]))) == 0


def test_tracks_keep_their_boxes_and_order(objects):
    tracks = InstanceData(bboxes=torch.rand(3, 4), instances_id=torch.tensor([3, 99, 7]))
    instances = of_tracks(objects, tracks)
    torch.testing.assert_close(instances.bboxes, tracks.bboxes)
    assert instances.scores.tolist() == [1, 1, 1]
    assert instances.masks.flatten(1).sum(dim=1).tolist() == [4, 0, 4]
    torch.testing.assert_close(instances.masks[0], objects.masks[1])


def test_no_tracks_give_no_masks(objects):
    tracks = InstanceData(bboxes=torch.zeros(0, 4), instances_id=torch.zeros(0, dtype=torch.int64))
    assert of_tracks(objects, tracks).masks.shape == (0, 4, 6)
