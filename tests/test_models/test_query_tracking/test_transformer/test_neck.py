"""The neck's convolutions have a bias."""

import torch

from vsd_mot.models.query_tracking.transformer.neck import BiasedChannelMapper


def test_all_convolutions_have_a_bias_that_begins_at_zero_and_learns():
    torch.manual_seed(0)
    neck = BiasedChannelMapper([4, 8], kernel_size=1, out_channels=16, num_outs=3,
                               norm_cfg=dict(type='GN', num_groups=4))  # fmt: skip
    maps = neck((torch.randn(1, 4, 8, 8), torch.randn(1, 8, 4, 4)))
    assert [tuple(one.shape[1:]) for one in maps] == [(16, 8, 8), (16, 4, 4), (16, 2, 2)]
    sum((one * torch.randn_like(one)).sum() for one in maps).backward()
    biases = [layer.conv.bias for layer in (*neck.convs, *neck.extra_convs)]
    assert len(biases) == 3
    for bias in biases:
        assert bias.abs().sum() == 0
        assert bias.grad.abs().sum() > 0
