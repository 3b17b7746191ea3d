"""fast-reid's network: its vectors, its checkpoints, its crops."""

import zlib

import numpy as np
import pytest
import torch

import lgmot_published as published
from vsd_mot.models.appearance import ReIDResNetIBN


def published_value(key, shape):
    """The fixtures' weight rule for fast-reid's network."""
    if key.endswith('num_batches_tracked'):
        return torch.tensor(0)
    z = np.random.RandomState(zlib.crc32(key.encode())).standard_normal(shape).astype(np.float32)
    if key.endswith('running_var'):
        z = 1 + 0.2 * np.abs(z)
    elif key.endswith(('running_mean', 'bias')):
        z = 0.1 * z
    elif len(shape) == 4:
        z = z / np.float32(np.sqrt(np.prod(shape[1:])))
    else:
        z = 1 + 0.1 * z
    return torch.from_numpy(np.asarray(z, np.float32))


def published_state():
    keys = published.numbers('reid_keys')
    return {key: published_value(key, shape) for key, shape in keys.items()}


def test_vectors_are_the_published_ones():
    network = ReIDResNetIBN()
    network.load_published(published_state())
    pictures = np.random.RandomState(42).randint(0, 256, (2, 3, 256, 128)).astype(np.float32)
    with torch.no_grad():
        ours = network.embed(torch.from_numpy(pictures))
    expected = published.tensor(published.arrays('reid')['feature'])
    torch.testing.assert_close(ours, expected, rtol=1e-3, atol=1e-3)


def test_checkpoints_of_fast_reid_load_and_others_are_refused(tmp_path):
    state = published_state()
    older = {k.replace('heads.bottleneck.0.', 'heads.bnneck.'): v for k, v in state.items()}
    older['heads.weight'], older['pixel_mean'] = torch.zeros(5, 2048), torch.zeros(3)
    torch.save(dict(model=older), tmp_path / 'older.pth')
    network = ReIDResNetIBN(checkpoint=str(tmp_path / 'older.pth'))
    assert torch.equal(network.neck.bias, state['heads.bottleneck.0.bias'])
    torch.save(dict(model=dict(foo=torch.zeros(1))), tmp_path / 'other.pth')
    with pytest.raises(ValueError, match=r'other\.pth does not hold a ResNet50-IBN'):
        ReIDResNetIBN(checkpoint=str(tmp_path / 'other.pth'))


def test_people_of_a_frame_are_described_in_any_number():
    network = ReIDResNetIBN(batch_size=2)
    frame = torch.randint(0, 256, (3, 90, 120), dtype=torch.uint8)
    boxes = torch.tensor([[10, 10, 40, 80], [-20, 30, 15, 100], [200, 200, 220, 240.0]])
    vectors = network(frame, boxes)
    assert vectors.shape == (3, 2048)
    assert torch.isfinite(vectors).all()
    torch.testing.assert_close(vectors[2:], network(frame, boxes[2:]), rtol=1e-3, atol=1e-4)
    assert network(frame, boxes[:0]).shape == (0, 2048)
