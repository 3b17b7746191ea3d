"""What the parts of MOTRv2 do with the frames and queries of one moment."""

import pytest
import torch

from tracking_samples import build_tracker
from vsd_mot.models.description import FrameDescription
from vsd_mot.models.frames import FrameBatch
from vsd_mot.models.query_tracking.queries import Proposals, QuerySet


@pytest.fixture(scope='module')
def model():
    return build_tracker().double().eval()


def batch(*sizes):
    torch.manual_seed(0)
    height, width = (max(size[axis] for size in sizes) for axis in (0, 1))
    images = torch.randn(len(sizes), 3, height, width).double()
    return FrameBatch(
        images, torch.zeros(len(sizes), 3, height, width, dtype=torch.uint8), list(sizes)
    )


@torch.no_grad()
def test_frames_are_encoded_by_size_and_in_their_order(model):
    frames = batch((64, 96), (64, 64), (64, 96))
    together = model.encode(frames)
    for at, size in enumerate(frames.sizes):
        image = frames.images[at : at + 1, :, : size[0], : size[1]]
        (alone,) = model.extract(image)
        torch.testing.assert_close(together[at].memory, alone.memory)


@torch.no_grad()
def test_queries_are_learned_ones_then_proposals_then_tracks(model):
    proposals = Proposals(torch.rand(2, 4).double(), torch.tensor([0.9, 0.8]).double())
    fresh = model.gather(proposals, None)
    tracks = QuerySet.fresh(
        torch.rand(3, 4).double(), torch.rand(3, fresh.contents.shape[1]).double()
    )
    tracks = tracks.replace(track_ids=torch.tensor([4, 5, 6]))
    queries = model.gather(proposals, tracks)
    assert len(queries) == len(fresh) + 3
    assert queries.track_ids[-3:].tolist() == [4, 5, 6]
    torch.testing.assert_close(queries.reference_boxes[-5:-3], proposals.boxes)
    (features,) = model.encode(batch((64, 96)))
    found = model.decode(queries, features, description=FrameDescription())
    assert found.output.boxes.shape[1:] == (len(queries), 4)
    assert found.denoised is None
    assert found.semantic is None


def test_without_a_branch_nothing_is_known_of_a_frame(model):
    assert model.describe(batch((32, 32), (32, 32))) == [FrameDescription(), FrameDescription()]


def test_frozen_parts_stay_in_evaluation_mode():
    model = build_tracker(frozen=['backbone']).train()
    assert not model.backbone.training
    assert model.decoder.training
    assert not any(parameter.requires_grad for parameter in model.backbone.parameters())
