"""What can be exported, and what is refused by name."""

import pytest
import torch

from bright_box_tracker import BrightBoxTracker
from graph_samples import SEMANTICS, SIZE, small_tracker
from vsd_mot.errors import ExportError
from vsd_mot.export.graphs import EncoderGraph, pad_to_multiple, require_supported
from vsd_mot.models.frames import FrameBatch
from vsd_mot.models.semantics import VSFM, SemanticFusion


class OtherVSFM(VSFM):
    """May do something else than VSFM."""


def test_unsupported_parts_are_named() -> None:
    model = small_tracker(semantics=SEMANTICS)
    for kind in (SemanticFusion, OtherVSFM):
        model.semantics.fusion = kind()
        message = rf'SemanticBranch\.fusion is a {kind.__name__}, which cannot be exported'
        with pytest.raises(ExportError, match=message):
            require_supported(model)


def test_other_trackers_are_refused() -> None:
    with pytest.raises(ExportError, match='BrightBoxTracker cannot be exported'):
        require_supported(BrightBoxTracker())


def test_encoder_prepares_frames_as_the_tracker_does() -> None:
    model = small_tracker(
        data_preprocessor=dict(mean=[10.0, 20.0, 30.0], std=[2.0, 3.0, 4.0], bgr_to_rgb=False)
    )
    raw = torch.randint(0, 256, (2, 3, *SIZE), dtype=torch.uint8)
    clips = [frame[None] for frame in raw.flip(1)]  # BGR, as images are read
    inputs = model.data_preprocessor(dict(inputs=dict(img=clips)), False)['inputs']
    frames = FrameBatch(inputs['img'][:, 0], inputs['raw'][:, 0], [SIZE] * 2)
    graph = EncoderGraph(model, SIZE)
    with torch.no_grad():
        tokens, quality = graph(raw)
        wanted = torch.stack([one.memory for one in model.encode(frames)])
    torch.testing.assert_close(tokens, wanted, rtol=1e-4, atol=1e-4)
    qualities = [one.quality.quality for one in model.describe(frames)]
    torch.testing.assert_close(quality[:, 0], torch.stack(qualities))
    assert graph.outputs == ['tokens', 'quality']


def test_padding_fills_a_multiple() -> None:
    padded = pad_to_multiple(torch.ones(1, 3, 30, 64), 32, 5.0)
    assert padded.shape == (1, 3, 32, 64)
    assert padded[..., 30:, :].unique().tolist() == [5.0]
    assert pad_to_multiple(padded, 32) is padded
