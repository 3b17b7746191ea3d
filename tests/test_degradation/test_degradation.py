"""The degradation pipeline: its numbers and its coherence over a video."""

import cv2
import numpy as np
import pytest
import torch
from scipy import stats
from skimage import data

from vsd_mot.degradation import (
    DegradationSettings,
    Fluctuation,
    FrameParams,
    KernelParams,
    VideoDegradation,
    degrade_image,
    gaussian_kernel,
    plateau_kernel,
    sinc_kernel,
)
from vsd_mot.degradation.kernels import separate, trim
from vsd_mot.degradation.settings import KERNEL_PROBS

STILL = dict(blur='video', resolution='video', noise='video', compression='video')


@pytest.fixture(scope='module')
def photo():
    """A photograph, (160, 208, 3) uint8 BGR."""
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    return cv2.resize(image[:400], (208, 160), interpolation=cv2.INTER_AREA)


def to_tensor(image):
    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b.astype(float)) ** 2))


# --- kernels -----------------------------------------------------------------------------------


def second_moments(kernel):
    offset = np.arange(len(kernel)) - len(kernel) // 2
    return (kernel.sum(0) * offset**2).sum(), (kernel.sum(1) * offset**2).sum()


def test_gaussian_kernel_has_its_widths():
    x, y = second_moments(gaussian_kernel(21, 2.0, sigma_y=1.0))
    assert x == pytest.approx(4, rel=0.01)
    assert y == pytest.approx(1, rel=0.01)


def test_rotation_by_a_right_angle_swaps_the_axes():
    turned = gaussian_kernel(15, 2.0, sigma_y=0.8, theta=np.pi / 2)
    np.testing.assert_allclose(turned, gaussian_kernel(15, 2.0, sigma_y=0.8).T, atol=1e-6)


def test_generalised_and_plateau_forms():
    centre_row = slice(10, None)
    peaked = gaussian_kernel(21, 2.0, beta=0.5)[10, centre_row]
    flat = gaussian_kernel(21, 2.0, beta=4.0)[10, centre_row]
    # exp(-r/2) falls by the same factor per sigma, exp(-r^8/2) is flat, then gone
    assert peaked[2] / peaked[0] == pytest.approx(np.exp(-0.5), rel=1e-4)
    assert flat[1] / flat[0] > 0.99
    assert flat[4] / flat[0] < 1e-4
    plateau = plateau_kernel(21, 2.0, beta=1.5)[10, centre_row]
    assert plateau[2] / plateau[0] == pytest.approx(0.5, rel=1e-5)
    assert plateau[4] / plateau[0] == pytest.approx(1 / 9, rel=1e-4)


def test_sinc_kernel_passes_below_and_stops_above_its_cutoff():
    response = np.abs(np.fft.fft2(sinc_kernel(21, np.pi / 2), (256, 256)))[0]
    frequency = np.arange(256) / 256 * 2 * np.pi
    assert response[frequency < np.pi / 4].min() > 0.9
    assert response[(frequency > 0.75 * np.pi) & (frequency <= np.pi)].max() < 0.1
    assert sinc_kernel(21, np.pi / 2).min() < 0  # it rings


@pytest.mark.parametrize('form', [*KERNEL_PROBS, 'sinc'])
def test_kernels_are_normalised_and_symmetric(form):
    kernel = KernelParams(form, 13, 2.0, 1.0, 0.4, 0.7, cutoff=2.0).build()
    assert kernel.shape == (13, 13)
    assert kernel.dtype == np.float32
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1], atol=1e-6)


def test_trim_and_separate_change_nothing_visible():
    kernel = gaussian_kernel(21, 0.8)
    small = trim(kernel)
    assert small.shape[0] < 21
    assert small.sum() == pytest.approx(1, abs=1e-6)
    column, row = separate(small)
    np.testing.assert_allclose(np.outer(column, row), small, atol=1e-6)
    assert trim(gaussian_kernel(21, 0.2)).shape == (1, 1)
    assert separate(gaussian_kernel(21, 3.0, sigma_y=1.0, theta=0.7)) is None


# --- the drawn numbers -------------------------------------------------------------------------


@pytest.fixture(scope='module')
def cameras():
    """Frame 0 of 1500 videos, without bad stretches."""
    fluctuation = dict(stretch_every=0)
    return [VideoDegradation(f'{i}', 3, fluctuation=fluctuation).params(0) for i in range(1500)]


def share(values):
    values = list(values)
    return sum(values) / len(values)


def test_probabilities_are_those_of_the_specification(cameras):
    tolerance = 0.045  # 3.5 standard errors
    sinc = [c.first.blur.form == 'sinc' for c in cameras]
    assert share(sinc) == pytest.approx(0.1, abs=tolerance)
    forms = [c.first.blur.form for c in cameras if c.first.blur.form != 'sinc']
    for form, prob in KERNEL_PROBS.items():
        assert share(f == form for f in forms) == pytest.approx(prob, abs=tolerance), form
    for order, probs in (('first', (0.2, 0.7, 0.1)), ('second', (0.3, 0.4, 0.3))):
        scales = np.array([getattr(c, order).scale for c in cameras])
        found = [(scales > 1).mean(), (scales < 1).mean(), (scales == 1).mean()]
        np.testing.assert_allclose(found, probs, atol=tolerance)
        noises = [getattr(c, order).noise for c in cameras]
        assert share(n.kind == 'gaussian' for n in noises) == pytest.approx(0.5, abs=tolerance)
        assert share(n.grey for n in noises) == pytest.approx(0.4, abs=tolerance)
    assert share(c.second.blur is not None for c in cameras) == pytest.approx(0.8, abs=tolerance)
    assert share(c.final_sinc is not None for c in cameras) == pytest.approx(0.8, abs=tolerance)
    assert share(c.jpeg_last for c in cameras) == pytest.approx(0.5, abs=tolerance)
    sizes = np.array([c.first.blur.size for c in cameras])
    assert sorted(set(sizes)) == [7, 9, 11, 13, 15, 17, 19, 21]


def test_ranges_are_uniform_and_those_of_the_specification(cameras):
    def check(values, low, high):
        result = stats.kstest(values, 'uniform', (low, high - low))
        assert result.pvalue > 1e-3, (low, high)

    blurs = [c.first.blur for c in cameras if c.first.blur.form != 'sinc']
    check([b.sigma_x for b in blurs], 0.2, 3)
    check([b.sigma_y for b in blurs if b.form.endswith('aniso')], 0.2, 3)
    second = [c.second.blur for c in cameras if c.second.blur and c.second.blur.form != 'sinc']
    check([b.sigma_x for b in second], 0.2, 1.5)
    check([c.first.scale for c in cameras if c.first.scale < 1], 0.15, 1)
    check([c.second.scale for c in cameras if c.second.scale > 1], 1, 1.2)
    for order, gaussian, poisson in (('first', 30, 3), ('second', 25, 2.5)):
        noises = [getattr(c, order).noise for c in cameras]
        check([n.strength for n in noises if n.kind == 'gaussian'], 1, gaussian)
        check([n.strength for n in noises if n.kind == 'poisson'], 0.05, poisson)
    check([c.final_sinc.cutoff for c in cameras if c.final_sinc], np.pi / 3, np.pi)
    betas = np.array([b.beta for b in blurs if b.form.startswith('generalised')])
    assert 0.5 <= betas.min() < 0.6
    assert 3.5 < betas.max() <= 4
    assert (betas < 1).mean() == pytest.approx(0.5, abs=0.12)
    betas = np.array([b.beta for b in blurs if b.form.startswith('plateau')])
    assert betas.min() == 1
    assert 1.8 < betas.max() <= 2
    qualities = [c.second.jpeg_quality for c in cameras]
    assert min(qualities) >= 30
    assert max(qualities) <= 95
    assert np.mean(qualities) == pytest.approx(62.5, abs=2)


def test_parameters_survive_json(cameras):
    for params in cameras[:50]:
        again = FrameParams.from_dict(params.to_dict())
        assert again.to_dict() == params.to_dict()
        assert again.first.scale == pytest.approx(params.first.scale, rel=1e-5)


def test_settings_reject_what_they_do_not_know():
    with pytest.raises(ValueError, match=r'has no .*sigmas'):
        DegradationSettings.from_dict(dict(first=dict(sigmas=(1, 2))))
    with pytest.raises(ValueError, match='needs 0 < low <= high'):
        DegradationSettings.from_dict(dict(first=dict(sigma=(2, 1))))
    with pytest.raises(ValueError, match='sum to 1'):
        DegradationSettings.from_dict(dict(second=dict(resize_probs=(0.5, 0.1, 0.1))))
    with pytest.raises(ValueError, match='camera must be'):
        Fluctuation.from_dict(dict(camera='clip'))
    with pytest.raises(ValueError, match='does not fit'):
        Fluctuation(stretch_every=20)
    changed = DegradationSettings.from_dict(dict(second=dict(sigma=[0.3, 0.4])))
    assert changed.second.sigma == (0.3, 0.4)
    assert changed.second.blur_prob == 0.8


# --- coherence over a video --------------------------------------------------------------------


def discrete(params):
    """The choices that make the camera."""
    found = [params.jpeg_last, params.final_interpolation, params.final_sinc is None]
    for order in (params.first, params.second):
        blur = order.blur
        found += [order.interpolation, order.noise.kind, order.noise.grey, np.sign(order.scale - 1)]
        found += [blur and (blur.form, blur.size, blur.theta, blur.beta)]
    return found


def strength(camera, frames):
    return np.array([camera.params(frame).first.noise.strength for frame in frames])


def test_a_video_keeps_its_camera_and_fluctuates_smoothly():
    moved = []
    for seed in range(5):
        camera = VideoDegradation('video', seed)
        frames = [camera.params(frame) for frame in range(0, 400, 7)]
        assert all(discrete(frame) == discrete(frames[0]) for frame in frames)
        values = strength(camera, range(400))
        low, high = (1, 30) if frames[0].first.noise.kind == 'gaussian' else (0.05, 3)
        values = (values - low) / (high - low)
        moved.append(values.std())
        assert np.abs(np.diff(values)).max() < 0.2  # not by jumps
    assert np.mean(moved) > 0.05


def test_different_videos_have_different_cameras():
    found = [discrete(VideoDegradation(f'video {i}').params(0)) for i in range(10)]
    assert len({str(item) for item in found}) == 10


def test_fluctuation_keeps_the_overall_distribution():
    setting = dict(stretch_every=0, share=0.7)
    settings = dict(first=dict(gaussian_prob=1.0))
    values = [
        VideoDegradation(f'{i}', 1, settings=settings, fluctuation=setting)
        .params(37 * i)
        .first.noise.strength
        for i in range(800)
    ]
    assert stats.kstest(values, 'uniform', (1, 29)).pvalue > 1e-3


def test_modes_of_fluctuation():
    still = VideoDegradation('v', 0, fluctuation=STILL)
    assert len({str(still.params(frame)) for frame in range(0, 300, 10)}) == 1
    only_noise = VideoDegradation('v', 0, fluctuation=dict(STILL, noise='smooth'))
    a, b = only_noise.params(0), only_noise.params(60)
    assert a.first.noise.strength != b.first.noise.strength
    assert a.first.scale == b.first.scale
    assert a.second.jpeg_quality == b.second.jpeg_quality
    rough = strength(VideoDegradation('v', 0, fluctuation=dict(noise='frame')), range(50))
    smooth = strength(VideoDegradation('v', 0), range(50))
    assert np.abs(np.diff(rough)).mean() > 5 * np.abs(np.diff(smooth)).mean()
    new = VideoDegradation('v', 0, fluctuation=dict(camera='frame'))
    assert len({str(discrete(new.params(frame))) for frame in range(10)}) == 10


def test_bad_stretches_come_as_often_and_deep_as_set():
    setting = Fluctuation(stretch_every=100, stretch_length=(10, 40), stretch_depth=(1, 2))
    quality = VideoDegradation('v', 4, fluctuation=setting)._quality
    offsets = np.array(
        [
            [quality.stretch_offset(g, f) for g in ('blur', 'noise', 'resolution')]
            for f in range(5000)
        ]
    )
    bad = offsets.max(1) > 0
    stretches = (np.diff(bad.astype(int)) == 1).sum()
    assert 45 <= stretches <= 51
    assert 0.15 < bad.mean() < 0.35  # mean length 25 of 100 frames
    assert 1.5 < offsets.max() <= 2
    assert (offsets > 0).any(0).all()  # every cause occurs
    assert ((offsets > 0).sum(1) <= 1).all()  # one at a time
    none = VideoDegradation('v', 4, fluctuation=dict(stretch_every=0))._quality
    assert none.stretch_offset('blur', 17) == 0


def test_shift_makes_every_strength_worse():
    better, worse = (VideoDegradation('v', 2, shift=s).params(9) for s in (-1, 1))
    assert discrete(better) == discrete(worse)
    assert worse.first.noise.strength > better.first.noise.strength
    assert worse.first.jpeg_quality < better.first.jpeg_quality
    assert worse.second.scale <= better.second.scale


def test_bytes_depend_on_seed_video_and_frame_alone(photo):
    camera = VideoDegradation('v', 5)
    forward = [camera(photo, frame) for frame in (0, 1, 2)]
    backward = [VideoDegradation('v', 5)(photo, frame) for frame in (2, 1, 0)][::-1]
    for a, b in zip(forward, backward):
        np.testing.assert_array_equal(a, b)
    for other in (VideoDegradation('v', 6), VideoDegradation('w', 5)):
        assert not np.array_equal(other(photo, 0), forward[0])
    # the noise is new in every frame even where nothing else moves
    still = VideoDegradation('v', 5, fluctuation=STILL)
    assert not np.array_equal(still(photo, 0), still(photo, 1))
    threads = cv2.getNumThreads()
    cv2.setNumThreads(4)
    np.testing.assert_array_equal(camera(photo, 0), forward[0])
    cv2.setNumThreads(threads)


def test_the_stream_itself_never_changes():
    """A change here makes other images of the same seed: raise DEGRADATION_VERSION with it."""
    params = VideoDegradation('MOT17-02', 0).params(10).to_dict()
    assert params['first']['noise'] == EXPECTED_NOISE
    assert params['first']['scale'] == pytest.approx(EXPECTED_SCALE, rel=1e-5)


EXPECTED_NOISE = {'kind': 'gaussian', 'strength': 16.186, 'grey': True}
EXPECTED_SCALE = 0.160699


# --- application -------------------------------------------------------------------------------


@pytest.mark.parametrize('size', [(64, 96), (33, 47), (5, 9)])
def test_size_and_type_stay(photo, size):
    image = np.ascontiguousarray(photo[: size[0], : size[1]])
    for seed in range(6):
        camera = VideoDegradation('v', seed)
        for given in (image, image.astype(np.float32)):
            result = camera(given, 0)
            assert result.shape == given.shape
            assert result.dtype == given.dtype
            assert result.min() >= 0
            assert result.max() <= 255
        tensor = camera.tensor(to_tensor(image)[None], [0])
        assert tensor.shape == (1, 3, *size)
        assert tensor.dtype == torch.uint8


def test_boxes_stay_true(photo):
    """A bright square stays where it was, whatever was resized on the way."""
    image = np.full((120, 160, 3), 30, np.uint8)
    image[40:80, 60:110] = 220
    for seed in range(12):
        result = degrade_image(image, seed).astype(float).mean(2)
        rows, columns = np.nonzero(cv2.GaussianBlur(result, (9, 9), 3) > 125)
        centre = np.median(columns), np.median(rows)
        assert centre == pytest.approx((84.5, 59.5), abs=2.5), seed


def test_wrong_images_are_refused(photo):
    with pytest.raises(TypeError, match='float64'):
        degrade_image(photo.astype(float))
    with pytest.raises(ValueError, match=r'\(H, W, 3\)'):
        degrade_image(photo[..., 0])
    with pytest.raises(ValueError, match='numbered from 0'):
        VideoDegradation('v').params(-1)
    with pytest.raises(ValueError, match='channel_order'):
        VideoDegradation('v', channel_order='gbr')
    with pytest.raises(ValueError, match='must not be negative'):
        VideoDegradation('v', -1).params(0)
    with pytest.raises(ValueError, match=r'\(B, 3, H, W\)'):
        VideoDegradation('v').tensor(torch.zeros(3, 8, 8), [0])


def test_channel_orders_agree(photo):
    """Degrading RGB is degrading BGR with the channels swapped, noise apart."""
    quiet = dict(
        first=dict(gaussian_prob=1.0, gaussian_sigma=(0.001, 0.001)),
        second=dict(gaussian_prob=1.0, gaussian_sigma=(0.001, 0.001)),
    )
    bgr = VideoDegradation('v', 1, settings=quiet)(photo, 0)
    rgb = VideoDegradation('v', 1, settings=quiet, channel_order='rgb')
    result = rgb(np.ascontiguousarray(photo[..., ::-1]), 0)
    assert np.abs(result[..., ::-1].astype(int) - bgr).mean() < 0.5


def test_jpeg_bytes_read_back_as_the_degraded_image(photo):
    for seed in range(6):
        camera = VideoDegradation('v', seed)
        stored = cv2.imdecode(np.frombuffer(camera.to_jpeg(photo, 3), np.uint8), cv2.IMREAD_COLOR)
        if camera.params(3).jpeg_last:
            np.testing.assert_array_equal(stored, camera(photo, 3))
        else:
            assert psnr(stored, camera(photo, 3)) > 30
