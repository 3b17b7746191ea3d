"""The embedding of frames: resizing as matrices, CLIP's towers as graphs."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torchvision.transforms.v2 import InterpolationMode

from clip_samples import add_small_clips
from vsd_mot.export.checking import check_graph
from vsd_mot.export.examples import pictures
from vsd_mot.export.image_feature import ImageFeature, Resizing
from vsd_mot.export.runtimes import build_runtime
from vsd_mot.export.tracing import GraphModule, write_graph
from vsd_mot.models.semantics import CLIPEncoder
from vse_samples import ColourEncoder

SIZE = (60, 100)


@pytest.fixture(scope='module', autouse=True)
def _small_models(tmp_path_factory: pytest.TempPathFactory) -> None:
    add_small_clips(tmp_path_factory.mktemp('open_clip'))


@pytest.mark.parametrize('resize', ['squash', 'pad', 'center_crop'])
@pytest.mark.parametrize('interpolation', ['bicubic', 'bilinear'])
def test_matrices_resize_as_the_encoder_does(resize: str, interpolation: str) -> None:
    encoder = ColourEncoder()
    encoder.resize, encoder.interpolation = resize, InterpolationMode(interpolation)
    frames = pictures(2, (121, 200), torch.Generator().manual_seed(0))
    for encoder.size in ((64, 64), (224, 160)):
        resized = Resizing(encoder, (121, 200))(frames)
        difference = (resized - encoder._resized(frames)).abs()
        assert resized.shape == (2, 3, *encoder.size)
        # Sums that end in one half are rounded up or down.
        assert difference.max() <= 1
        assert difference.mean() < 0.02


class Feature(GraphModule):
    """Frames to embeddings."""

    inputs = ('frames',)
    outputs = ('features',)

    def __init__(self, encoder: CLIPEncoder) -> None:
        super().__init__()
        self.feature = ImageFeature(encoder, SIZE)

    def forward(self, frames: Tensor) -> tuple[Tensor]:
        return (self.feature(frames),)


@pytest.mark.parametrize('name', ['small-resnet', 'small-vit'])
def test_towers_take_any_number_of_frames(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = Feature(CLIPEncoder(name, pretrained=None, resize='center_crop'))
    generator = torch.Generator().manual_seed(0)
    path = tmp_path / 'feature.onnx'
    write_graph(module, [pictures(2, SIZE, generator)], path, varies=['frames', 'features'])
    for backend in ('onnxruntime', 'openvino'):
        graph = build_runtime(backend, threads=1).load(path)
        cases = [(pictures(count, SIZE, generator),) for count in (1, 3)]
        check_graph(module, graph, cases, name='feature')
