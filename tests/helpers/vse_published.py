"""The fusion of VSE-MOT as published, written down plainly: whole maps, one operation a line.

The reference for results and for cost. Weights are those of the golden fixtures, by published key.
"""

import json
from functools import cache
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from weight_rule import make

DATA = Path(__file__).parents[1] / 'data'
SIZE = 256


@cache
def published_weights(prefix: str = 'public') -> dict[str, Tensor]:
    """Weights of the semantic branch without CLIP, by published key."""
    shapes = json.loads((DATA / 'golden/vse_keys.json').read_text())
    elsewhere = (
        'backbone.',
        'transformer.',
        'track_embed.',
        'input_proj.',
        'class_embed.',
        'bbox_embed.',
        'position.',
        'query_embed.',
        'yolox_embed.',
        'refine_embed.',
        'image_encoder.',
    )
    return {
        key: torch.from_numpy(make(prefix, key, shape))
        for key, shape in shapes.items()
        if not key.startswith(elsewhere)
    }


class PublishedFusion:
    """From image feature and contents to fused contents, in eval mode or, once, in training mode.

    Args:
        weights: By published key.
    """

    def __init__(self, weights: dict[str, Tensor]) -> None:
        self.weights = weights
        self.training = False
        self.attentions = {}
        for number in range(1, 6):
            prefix = f'multihead_attn{number}.'
            attention = nn.MultiheadAttention(SIZE, 8)
            attention.load_state_dict(
                {k[len(prefix) :]: v for k, v in weights.items() if k.startswith(prefix)}
            )
            self.attentions[number] = attention

    def __call__(self, image_feature: Tensor, contents: Tensor) -> Tensor:
        semantics = image_feature
        for layer in (1, 2, 3):
            semantics = self.linear(semantics, f'linear{layer}').relu()
        semantics = self.linear(semantics, 'linear4').expand(len(contents), -1)
        below = (0, 0, 0, SIZE - len(contents))
        s = self.conv(F.pad(semantics, below)[None, None], 'conv1', padding=1)
        s = self.norm(s, 'batchnormal_c1').relu()
        q = self.conv(F.pad(contents, below)[None, None], 'conv2', padding=1)
        q = self.norm(q, 'batchnormal_c2').relu()
        c = self.channel_gate(s, 1) * self.channel_gate(q, 2)
        p = self.spatial_gate(s, 1) * self.spatial_gate(q, 2)
        s = s + self.attention(c, 4) + self.attention(p, 5)
        s, q = self.attention(s, 1), self.attention(q, 2)
        w = self.conv(self.aspp(torch.cat((s, q), dim=1)), 'conv3')
        w = self.norm(w, 'batchnormal_c3').softmax(dim=1)
        f = self.attention(w * s + (1 - w) * q, 3)
        f = self.norm(self.conv(f, 'conv4', stride=2, padding=1), 'batchnormal_c4').relu()
        f = self.norm(self.conv(f, 'conv5', stride=2, padding=1), 'batchnormal_c5').relu()
        f = self.conv(f, 'conv6', stride=2, padding=1).relu()
        return contents + self.linear(f.flatten(1), 'linear5').relu()

    def linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self.weights[f'{name}.weight'], self.weights[f'{name}.bias'])

    def conv(self, x: Tensor, name: str, **options: int) -> Tensor:
        return F.conv2d(
            x, self.weights[f'{name}.weight'], self.weights.get(f'{name}.bias'), **options
        )

    def norm(self, x: Tensor, name: str) -> Tensor:
        mean, var, weight, bias = (
            self.weights[f'{name}.{part}']
            for part in ('running_mean', 'running_var', 'weight', 'bias')
        )
        return F.batch_norm(x, mean.clone(), var.clone(), weight, bias, training=self.training)

    def channel_gate(self, x: Tensor, number: int) -> Tensor:
        name = f'channel_attention{number}.shared_MLP'
        average, most = (
            self.linear(self.linear(pooled, f'{name}.0').relu(), f'{name}.2')
            for pooled in (x.mean((2, 3)), x.amax((2, 3)))
        )
        return x * (average + most).sigmoid()[:, :, None, None]

    def spatial_gate(self, x: Tensor, number: int) -> Tensor:
        summary = torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), dim=1)
        return x * self.conv(summary, f'spatial_attention{number}.conv2d', padding=3).sigmoid()

    def attention(self, x: Tensor, number: int) -> Tensor:
        tokens = x[0]
        attended = self.attentions[number](tokens, tokens, tokens, need_weights=False)[0]
        return self.norm(tokens + attended, f'batchnormal{number}')[None]

    def aspp(self, x: Tensor) -> Tensor:
        branches = [self.norm(self.conv(x, 'aspp.b0.0'), 'aspp.b0.1').relu()]
        for index, dilation in enumerate((6, 12, 18)):
            name = f'aspp.convs.{index}'
            seen = self.conv(x, f'{name}.0', padding=dilation, dilation=dilation)
            branches.append(self.norm(seen, f'{name}.1').relu())
        pooled = self.conv(x.mean((2, 3), keepdim=True), 'aspp.global_pool.conv')
        branches.append(self.norm(pooled.expand(-1, -1, SIZE, SIZE), 'aspp.global_pool.bn').relu())
        projected = self.conv(torch.cat(branches, dim=1), 'aspp.concat_project.0')
        return self.norm(projected, 'aspp.concat_project.1').relu()
