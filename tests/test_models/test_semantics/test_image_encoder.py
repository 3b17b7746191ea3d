"""What all encoders of images do with frames, and how they are told apart."""

import pytest
import torch

from vsd_samples import PatchEncoder, noise_frame


def test_frames_of_any_size_are_embedded_alike_alone_and_together():
    encoder = PatchEncoder(tokens='grid').double()
    encoder.encode = lambda images: PatchEncoder.encode(encoder, images.double())
    frames = [noise_frame(0), noise_frame(1, 30, 90), noise_frame(2)]
    together = encoder(frames)
    assert together.shape == (3, 4, 24)
    assert not together.requires_grad
    for frame, tokens in zip(frames, together):
        torch.testing.assert_close(encoder([frame])[0], tokens)


@pytest.mark.parametrize(
    ('resize', 'bars'), [('squash', False), ('center_crop', False), ('pad', True)]
)
def test_the_ratio_is_kept_by_bars_or_by_cutting(resize, bars):
    encoder = PatchEncoder(resize=resize)
    white = torch.full((3, 20, 80), 255, dtype=torch.uint8)
    picture = encoder.preprocess([white])[0]
    assert picture.shape == (3, 16, 16)
    assert picture.max().item() == pytest.approx((1 - 0.5) / 0.25)
    black = (0 - 0.5) / 0.25
    assert (picture[:, 0] == black).all().item() is bars
    assert (picture[:, 8] > black).all()


def test_it_is_frozen_in_every_mode():
    encoder = PatchEncoder()
    assert not encoder.train().training
    assert not any(parameter.requires_grad for parameter in encoder.parameters())


def test_the_fingerprint_is_of_weights_and_preprocessing():
    first = PatchEncoder().fingerprint()
    assert PatchEncoder().fingerprint() == first
    others = [PatchEncoder(seed=1), PatchEncoder(resize='pad'), PatchEncoder(tokens='grid')]
    assert len({first, *(other.fingerprint() for other in others)}) == 4
    loaded = PatchEncoder()
    loaded.fingerprint()
    loaded.load_state_dict(others[0].state_dict())
    assert loaded.fingerprint() == others[0].fingerprint()


def test_what_is_no_frame_or_setting_is_refused():
    with pytest.raises(ValueError, match=r'frame 1 is torch\.float32 \(3, 8, 8\)'):
        PatchEncoder()([noise_frame(0), torch.zeros(3, 8, 8)])
    with pytest.raises(ValueError, match=r"resize='fit': choose one of squash"):
        PatchEncoder(resize='fit')
    with pytest.raises(ValueError, match=r"tokens='all': choose one of global"):
        PatchEncoder(tokens='all')
