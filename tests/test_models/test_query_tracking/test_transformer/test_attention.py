"""cuDNN's attention stays out where the number of queries changes."""

import pytest
import torch

from vsd_mot.models.query_tracking.transformer import without_cudnn_attention


def test_nothing_changes_on_the_cpu() -> None:
    before = torch.backends.cuda.cudnn_sdp_enabled()
    with without_cudnn_attention(torch.ones(1, 2, 4)):
        assert torch.backends.cuda.cudnn_sdp_enabled() == before


@pytest.mark.parametrize('allowed', [True, False])
def test_cudnn_is_switched_off_inside_and_as_before_outside(allowed: bool) -> None:
    class OnAGpu:
        is_cuda = True

    before = torch.backends.cuda.cudnn_sdp_enabled()
    torch.backends.cuda.enable_cudnn_sdp(allowed)
    try:
        with without_cudnn_attention(OnAGpu()):
            assert not torch.backends.cuda.cudnn_sdp_enabled()
            assert torch.backends.cuda.flash_sdp_enabled()
        assert torch.backends.cuda.cudnn_sdp_enabled() == allowed
    finally:
        torch.backends.cuda.enable_cudnn_sdp(before)
