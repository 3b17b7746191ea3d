"""Automatic descriptions: CLIP chooses among listed words, from crops and frames.

This is ours, and **not** LG-MOT's pipeline, in which three models and a language model describe
people, and people describe scenes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import open_clip
import torch
from mmengine.model import BaseModule
from mmtrack.registry import MODELS
from torch import Tensor
from torch.nn import functional as F

from .clip_text import load_clip

COLOURS = ('black', 'white', 'gray', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink')
# Attribute -> the sentence that is compared with the picture, and the words that may fill it.
PERSON = {
    'gender': ('a photo of a {} person', ('male', 'female')),
    'shirt': ('a photo of a person wearing a {} shirt', COLOURS),
    'pants': ('a photo of a person wearing {} pants', COLOURS),
}
SCENE = {
    'camera': ('a video frame from a {} camera', ('static', 'moving')),
    'viewpoint': ('a street scene seen from a {} viewpoint', ('low', 'medium', 'high')),
    'weather': ('a scene on a {} day', ('sunny', 'cloudy', 'rainy', 'dark')),
}


@MODELS.register_module()
class ZeroShotDescriber(BaseModule):
    """Choose the words that CLIP finds most like the pictures of a person, or of a scene.

    The scores of several pictures are added up before the choice. A single frame shows no camera
    motion; what it says of the camera is a guess.

    Args:
        model: Name of an open_clip model.
        pretrained: A tag of open_clip or a local weights file; None: random, for tests.
        person: Attribute -> (sentence with ``{}``, words), of people.
        scene: The same of scenes.
    """

    def __init__(
        self,
        *,
        model: str = 'ViT-B-32',
        pretrained: str | None = 'openai',
        person: Mapping[str, tuple[str, Sequence[str]]] = PERSON,
        scene: Mapping[str, tuple[str, Sequence[str]]] = SCENE,
    ) -> None:
        super().__init__()
        self.clip = load_clip(model, pretrained)
        self.name = f'zero-shot describer (open_clip {model}, {pretrained}), not the authors'
        size = self.clip.visual.image_size
        self.size = (size, size) if isinstance(size, int) else tuple(size)
        tokenizer = open_clip.get_tokenizer(model)
        self.person, self.scene = dict(person), dict(scene)
        self._texts: dict[str, Tensor] = {}
        with torch.no_grad():
            for name, (sentence, words) in {**self.person, **self.scene}.items():
                tokens = tokenizer([sentence.format(word) for word in words])
                self._texts[name] = self.clip.encode_text(tokens, normalize=True)
        for name, values in (
            ('mean', open_clip.OPENAI_DATASET_MEAN),
            ('std', open_clip.OPENAI_DATASET_STD),
        ):
            self.register_buffer(name, torch.tensor(values)[:, None, None], persistent=False)

    @torch.no_grad()
    def likeness(self, pictures: Sequence[Tensor], name: str) -> Tensor:
        """How much pictures are like each word of an attribute, their mean, ``(words,)``.

        Args:
            pictures: ``(3, h, w)`` uint8, RGB, of any size.
            name: Of the attribute.
        """
        device = self.mean.device
        images = torch.stack(
            [
                F.interpolate(
                    picture[None].to(device).float(), self.size, mode='bilinear', antialias=True
                )[0]
                for picture in pictures
            ]
        )
        features = self.clip.encode_image((images / 255 - self.mean) / self.std, normalize=True)
        return (features @ self._texts[name].to(device).T).mean(dim=0)

    def describe_person(self, crops: Sequence[Tensor]) -> dict[str, str]:
        """Attributes of a person in some crops, by name."""
        return self._choose(crops, self.person)

    def describe_scene(self, frames: Sequence[Tensor]) -> dict[str, str]:
        """Attributes of a scene in some frames, by name."""
        return self._choose(frames, self.scene)

    def _choose(self, pictures: Sequence[Tensor], attributes: Mapping) -> dict[str, str]:
        return {
            name: words[int(self.likeness(pictures, name).argmax())]
            for name, (_, words) in attributes.items()
        }
