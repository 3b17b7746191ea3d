"""What the clip preprocessor hands to the model."""

import numpy as np
import pytest
import torch
from mmengine.dataset import pseudo_collate
from mmtrack.structures import TrackDataSample

from vsd_mot.datasets.transforms import PackClipInputs
from vsd_mot.models.data_preprocessor import ClipDataPreprocessor

MEAN = torch.tensor([123.675, 116.28, 103.53]).view(3, 1, 1)
STD = torch.tensor([58.395, 57.12, 57.375]).view(3, 1, 1)


def packed_clip(length, height, width, seed=0, **extra):
    rng = np.random.default_rng(seed)
    frames = [
        dict(
            img=rng.integers(0, 256, (height, width, 3), dtype=np.uint8),
            img_path=f'{number}.jpg',
            img_shape=(height, width),
            frame_id=number,
            **{name: values[number] for name, values in extra.items()},
        )
        for number in range(length)
    ]
    return PackClipInputs()(frames)


def test_clips_of_different_size_are_padded_after_normalisation():
    clips = [packed_clip(2, 40, 70, 1), packed_clip(2, 50, 60, 2)]
    out = ClipDataPreprocessor(pad_size_divisor=32)(pseudo_collate(clips))
    image, raw = out['inputs']['img'], out['inputs']['raw']
    assert image.shape == raw.shape == (2, 2, 3, 64, 96)
    assert image.dtype == torch.float32
    assert raw.dtype == torch.uint8
    for number, (height, width) in enumerate([(40, 70), (50, 60)]):
        rgb = clips[number]['inputs']['img'].flip(1)
        assert torch.equal(raw[number, :, :, :height, :width], rgb)
        torch.testing.assert_close(image[number, :, :, :height, :width], (rgb.float() - MEAN) / STD)
        for tensor in (image[number], raw[number]):
            assert tensor[..., height:, :].abs().sum() == 0
            assert tensor[..., width:].abs().sum() == 0
    sample = out['data_samples'][0]
    assert sample.batch_input_shape == [(64, 96), (64, 96)]
    assert sample.pad_shape == [(64, 96), (64, 96)]
    assert out['data_samples'][1].pad_shape == [(64, 64), (64, 64)]


def test_single_frames_have_plain_shapes():
    out = ClipDataPreprocessor(pad_size_divisor=1)(pseudo_collate([packed_clip(1, 30, 20)]))
    assert out['inputs']['img'].shape == (1, 1, 3, 30, 20)
    assert out['data_samples'][0].batch_input_shape == (30, 20)
    assert out['data_samples'][0].frame_id == 0


def test_teacher_images_come_through_unpadded_in_rgb():
    views = [np.full((5 + n, 7, 3), (1, 2, 3), np.uint8) for n in range(2)]
    clips = [packed_clip(2, 32, 32, seed, teacher_img=views) for seed in range(3)]
    teacher = ClipDataPreprocessor()(pseudo_collate(clips))['inputs']['teacher_img']
    assert [[tuple(image.shape) for image in clip] for clip in teacher] == [
        [(3, 5, 7), (3, 6, 7)]
    ] * 3
    assert teacher[2][0][:, 0, 0].tolist() == [3, 2, 1]


def test_cached_teacher_features_come_through_unchanged():
    features = [np.random.default_rng(n).normal(size=(49, 8)).astype(np.float32) for n in range(2)]
    clips = [packed_clip(2, 32, 32, teacher_img=features)]
    teacher = ClipDataPreprocessor()(pseudo_collate(clips))['inputs']['teacher_img']
    np.testing.assert_array_equal(teacher[0][1], features[1])


def test_clips_of_different_length_are_refused():
    batch = dict(
        inputs=dict(img=[torch.zeros(2, 3, 8, 8).byte(), torch.zeros(3, 3, 8, 8).byte()]),
        data_samples=[TrackDataSample(), TrackDataSample()],
    )
    with pytest.raises(ValueError, match='clip_length'):
        ClipDataPreprocessor()(batch)


def test_network_that_sees_bgr_leaves_raw_in_rgb():
    clip = torch.arange(3 * 8 * 8, dtype=torch.uint8).view(1, 3, 8, 8)
    preprocessor = ClipDataPreprocessor(
        mean=(1, 2, 3), std=(1, 1, 1), bgr_to_rgb=False, pad_size_divisor=1
    )
    out = preprocessor(dict(inputs=dict(img=[clip]), data_samples=[TrackDataSample()]))
    assert torch.equal(out['inputs']['raw'][0], clip.flip(1))
    expected = clip.float() - torch.tensor([1.0, 2, 3]).view(3, 1, 1)
    assert torch.equal(out['inputs']['img'][0], expected)


def test_mean_is_not_in_the_checkpoint():
    assert ClipDataPreprocessor().state_dict() == {}
