"""CLIP's text encoder, through open_clip."""

from __future__ import annotations

from collections.abc import Sequence

import open_clip
import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor

from ...engine.safe_loading import load_weights
from ...engine.torchscript_weights import is_torchscript, torchscript_weights


@MODELS.register_module()
class CLIPTextEncoder(BaseModule):
    """Encode sentences by the text tower of any open_clip model.

    Args:
        model: Name of an open_clip model. LG-MOT's is not published; 512 numbers, as its code
            implies, are those of ViT-B-32 and ViT-B-16.
        pretrained: A tag of open_clip ('openai'), whose weights open_clip downloads and keeps; a
            local weights file, loaded as data; or None, for random weights in tests.
        normalize: Bring features to unit length.
        batch_size: Sentences at once.

    Raises:
        ValueError: If open_clip has no such model.
        RuntimeError: If the weights cannot be had.
    """

    def __init__(
        self,
        model: str = 'ViT-B-32',
        pretrained: str | None = 'openai',
        batch_size: int = 256,
        *,
        normalize: bool = True,
    ) -> None:
        super().__init__()
        self.clip = load_clip(model, pretrained)
        self.tokenizer = open_clip.get_tokenizer(model)
        self.name = f'open_clip {model}, {pretrained}'
        self.embed_dims = open_clip.get_model_config(model)['embed_dim']
        self.normalize = normalize
        self.batch_size = batch_size

    @torch.no_grad()
    def forward(self, sentences: Sequence[str]) -> Tensor:
        """Encode n sentences, ``(n, embed_dims)``."""
        device = next(self.clip.parameters()).device
        tokens = self.tokenizer(list(sentences)).to(device)
        if too_long := [text for text, row in zip(sentences, tokens) if row[-1] != 0]:
            raise ValueError(
                f'{self.name} reads {tokens.shape[1] - 1} tokens of a sentence, about 50 words, '
                f'and this has more: {too_long[0][:80]!r} ...'
            )
        parts = [
            self.clip.encode_text(part, normalize=self.normalize)
            for part in tokens.split(self.batch_size)
        ]
        return torch.cat(parts) if parts else torch.zeros(0, self.embed_dims, device=device)


def load_clip(model: str, pretrained: str | None) -> open_clip.CLIP | open_clip.CustomTextCLIP:
    """Build an open_clip model with both towers, frozen; see :class:`CLIPTextEncoder`."""
    if open_clip.get_model_config(model) is None:
        raise ValueError(
            f'open_clip has no model {model!r}; open_clip.list_models() names what it has'
        )
    if pretrained is None or pretrained in open_clip.list_pretrained_tags_by_model(model):
        try:
            clip = open_clip.create_model(model, pretrained=pretrained)
        except Exception as error:  # whatever the network or the hub says, the remedy is one
            raise RuntimeError(
                f'the weights {pretrained!r} of CLIP {model} cannot be downloaded ({error}). Give '
                "a local file instead: pretrained='path/to/weights.pt'"
            ) from error
    else:
        clip = open_clip.create_model(model)
        if is_torchscript(pretrained):
            state = torchscript_weights(pretrained)
        else:
            content = load_weights(pretrained, map_location='cpu')
            state = content.get('state_dict', content)
        sizes = ('input_resolution', 'context_length', 'vocab_size')
        state = {k.removeprefix('module.'): v for k, v in state.items() if k not in sizes}
        clip.load_state_dict({key: value.float() for key, value in state.items()})
    return clip.requires_grad_(False).eval()
