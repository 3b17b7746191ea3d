"""Words are chosen by how much pictures are like them."""

import torch

from vsd_mot.models.text import describer as module
from vsd_mot.models.text.describer import ZeroShotDescriber


class ByRedness(torch.nn.Module):
    """Stands for CLIP: pictures are described by redness, the first word is red."""

    def __init__(self) -> None:
        super().__init__()
        self.visual = torch.nn.Module()
        self.visual.image_size = 8

    def encode_text(self, tokens, normalize):
        return torch.eye(2)[: len(tokens)]

    def encode_image(self, images, normalize):
        red = (images[:, 0] - images[:, 2]).mean((1, 2)).sign()
        return torch.stack((red, -red), dim=1)


def test_several_pictures_vote(monkeypatch):
    monkeypatch.setattr(module, 'load_clip', lambda model, pretrained: ByRedness())
    words = {'shirt': ('a {} shirt', ('red', 'blue'))}
    describer = ZeroShotDescriber(
        model='ViT-B-32', pretrained=None, person=words, scene={'weather': words['shirt']}
    )
    red, blue = (torch.zeros(3, 20, 10, dtype=torch.uint8) for _ in range(2))
    red[0], blue[2] = 200, 200
    assert describer.describe_person([red]) == {'shirt': 'red'}
    assert describer.describe_person([red, blue[:, :9], blue]) == {'shirt': 'blue'}
    assert describer.describe_scene([blue]) == {'weather': 'blue'}
    assert describer.likeness([red, blue], 'shirt').tolist() == [0, 0]
    assert 'not the authors' in describer.name
