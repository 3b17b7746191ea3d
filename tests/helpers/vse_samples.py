"""Branches, encoders and inputs for the tests of VSE-MOT."""

import torch
from mmtrack.registry import MODELS
from torch import Tensor, nn

from vsd_mot.engine.conversion.vse_mot_keys import vse_mot_key
from vsd_mot.models.frames import FrameBatch
from vsd_mot.models.semantics import FrameDescription, ImageEncoder, SemanticBranch
from vse_published import published_weights


@MODELS.register_module()
class ColourEncoder(ImageEncoder):
    """Embeds a frame by the colours of its quarters; counts how often it is asked."""

    def __init__(self, dims: int = 1024, tokens: str = 'global') -> None:
        super().__init__(size=(8, 8), mean=(0.5,) * 3, std=(0.25,) * 3, tokens=tokens)
        generator = torch.Generator().manual_seed(0)
        self.weight = nn.Parameter(torch.randn(dims, 12, generator=generator) / 12**0.5)
        self.calls = 0
        self.freeze()

    @property
    def name(self) -> str:
        return 'colours'

    @property
    def embed_dims(self) -> int:
        return len(self.weight)

    def encode(self, images: Tensor) -> Tensor:
        self.calls += 1
        quarters = nn.functional.adaptive_avg_pool2d(images, 2).flatten(1)
        return (quarters @ self.weight.t())[:, None]


def build_branch(width: int = 256, aspp_channels: int = 256, **changes) -> SemanticBranch:
    """CLIP branch, adapter and VSFM with random weights; changes apply to adapter and VSFM."""
    maps = dict(embed_dims=width, map_rows=width, **changes)
    torch.manual_seed(0)
    return MODELS.build(
        dict(
            type='SemanticBranch',
            source=dict(type='CLIPBranch', encoder=dict(type='ColourEncoder'), embed_dims=width),
            adapter=dict(type='MOTAdapter', **maps),
            fusion=dict(type='VSFM', aspp_channels=aspp_channels, **maps),
        )
    )


def small_branch(**changes) -> SemanticBranch:
    """A branch on maps of 64 x 64, with an ASPP of 32 channels."""
    return build_branch(width=64, aspp_channels=32, **changes)


def load_published(branch: SemanticBranch) -> None:
    """Give a branch of the published layout the weights of the fixtures, all but CLIP's."""
    ours = {vse_mot_key(key, 'branch'): value for key, value in published_weights().items()}
    state = {key.removeprefix('branch.'): value for key, value in ours.items()}
    missing, unexpected = branch.load_state_dict(state, strict=False)
    assert not unexpected
    assert all(key.startswith('source.encoder.') for key in missing), missing


def without_dropout(branch: nn.Module) -> nn.Module:
    """The same branch with all dropout rates at zero."""
    for module in branch.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        elif isinstance(module, nn.MultiheadAttention):
            module.dropout = 0.0
    return branch


def description(width: int = 1024, seed: int = 0) -> FrameDescription:
    """A frame of which the image feature is known."""
    generator = torch.Generator().manual_seed(seed)
    return FrameDescription(image_feature=torch.randn(1, width, generator=generator))


def frames(count: int, size: tuple[int, int] = (40, 60), seed: int = 0) -> FrameBatch:
    """Frames in a batch that is padded at the right and bottom."""
    generator = torch.Generator().manual_seed(seed)
    raw = torch.randint(0, 256, (count, 3, 48, 64), generator=generator, dtype=torch.uint8)
    return FrameBatch(images=raw.float(), raw=raw, sizes=[size] * count)
