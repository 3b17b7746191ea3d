"""Flip, resize and crop of frames, against the published numbers."""

import cv2
import numpy as np
import pytest
from mmtrack.registry import TRANSFORMS

from preprocess_examples import EXAMPLES, GOLDEN, ROOT, assert_like, example_frame
from vsd_mot.datasets.transforms import (
    ClipRandomCrop,
    ClipRandomFlip,
    PackClipInputs,
    ShortSideResize,
    short_side_size,
)
from vsd_mot.datasets.transforms.geometry import crop_frame
from vsd_mot.models.data_preprocessor import ClipDataPreprocessor

IMAGES = np.load(ROOT / 'tests/data/preprocess.npz')


@pytest.mark.parametrize('row', GOLDEN['inference_h_w_outh_outw'])
def test_inference_size(row):
    assert short_side_size(row[0], row[1], scale=(1536, 800), rule='truncate') == tuple(row[2:])


def test_inference_truncation_in_the_same_places():
    heights = [
        h for h in range(100, 2200) if short_side_size(h, h, scale=800, rule='truncate')[0] == 799
    ]
    assert heights == GOLDEN['heights_where_truncation_gives_799']
    widths = [
        w
        for w in range(1537, 4097)
        if short_side_size(800, w, scale=(1536, 800), rule='truncate')[1] == 1535
    ]
    assert widths == GOLDEN['widths_where_truncation_gives_1535']


@pytest.mark.parametrize(
    'case', GOLDEN['train_resize'], ids=lambda case: f'{case["h"]}x{case["w"]}'
)
def test_training_sizes(case):
    for side, height, width in case['sizes']:
        scale = int(side.split()[0]) if isinstance(side, str) else (1536, side)
        assert short_side_size(case['h'], case['w'], scale=scale, rule='detr') == (height, width)


def test_nearest_size_is_mmcvs():
    assert short_side_size(1080, 1920, scale=(1536, 800), rule='nearest') == (800, 1422)
    assert short_side_size(161, 161, scale=800, rule='nearest') == (800, 800)


def test_unknown_rule_is_refused_at_build():
    with pytest.raises(ValueError, match='truncate'):
        ShortSideResize(800, rule='up')


@pytest.mark.parametrize('number', range(len(GOLDEN['pixel_checks'])))
def test_inference_pixels_up_to_the_network(number):
    check = GOLDEN['pixel_checks'][number]
    rgb = IMAGES[f'img{number}']
    frame = dict(img=np.ascontiguousarray(rgb[..., ::-1]), img_path='x.jpg')
    frame = ShortSideResize((1536, 800))(frame)
    assert int(frame['img'].sum(dtype=np.int64)) == check['resized_uint8_sum']
    first = frame['img'][..., ::-1].reshape(-1)[:12]
    assert first.tolist() == check['resized_uint8_first12']

    packed = PackClipInputs()(frame)
    data = dict(inputs=dict(img=[packed['inputs']['img']]), data_samples=[packed['data_samples']])
    network = ClipDataPreprocessor(pad_size_divisor=1)(data)['inputs']['img'][0]
    stats = check['stats']
    assert list(network.shape) == stats['shape']
    sampled = network.flatten()[stats['sample_idx']]
    np.testing.assert_allclose(sampled.numpy(), stats['sample'], atol=2e-6)
    assert abs(float(network.mean()) - stats['mean']) < 1e-6


def test_flip():
    frame = ClipRandomFlip(prob=1.0)(example_frame())
    assert_like(frame, EXAMPLES['hflip'])
    assert frame['flip']
    np.testing.assert_array_equal(frame['img'], example_frame()['img'][:, ::-1])


def test_resize():
    frame = ShortSideResize((140, 90), rule='detr', backend='pillow')(example_frame())
    assert_like(frame, EXAMPLES['resize_90_max_140'])
    assert frame['scale_factor'] == (140 / 200, 84 / 120)


def test_pillow_smooths_when_it_shrinks_and_opencv_does_not():
    frame = example_frame()
    small = {
        backend: ShortSideResize(30, backend=backend)(dict(frame))['img'].std()
        for backend in ('pillow', 'cv2')
    }
    assert small['pillow'] < 0.6 * small['cv2']


def test_crop():
    frame = crop_frame(example_frame(), top=20, left=30, height=70, width=110)
    assert_like(frame, EXAMPLES['crop_region_top20_left30_h70_w110'])


def test_crop_drops_boxes_with_all_that_belongs_to_them():
    frame = crop_frame(example_frame(), top=0, left=80, height=40, width=40)
    assert frame['gt_instances_id'].tolist() == []
    assert frame['gt_bboxes'].shape == (0, 4)
    # Only the box at (42.6, 0, 92.6, 20.3) reaches in.
    np.testing.assert_allclose(frame['proposals_scores'], [0.4])


def test_crop_size_is_in_the_published_range():
    crop = ClipRandomCrop(crop_size=(80, 120))
    np.random.seed(0)
    sizes = {crop(example_frame())['img'].shape[:2] for _ in range(60)}
    heights, widths = zip(*sizes)
    assert min(heights) >= 80
    assert max(heights) <= 120
    assert min(widths) >= 80
    assert max(widths) <= 120
    assert len(sizes) > 40


def test_hsv_jitter_is_the_published_one():
    jitter = TRANSFORMS.build(dict(type='mmdet.YOLOXHSVRandomAug'))
    jitter._get_hsv_gains = lambda: np.array([5, -30, 30], np.int16)
    bgr = np.array([[[10, 200, 90], [250, 250, 250]]], np.uint8)
    hsv = cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV).astype(int)
    hsv[..., 0] = (hsv[..., 0] + 5) % 180
    hsv[..., 1:] = np.clip(hsv[..., 1:] + [-30, 30], 0, 255)
    expected = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR)
    np.testing.assert_array_equal(jitter(dict(img=bgr.copy()))['img'], expected)


def test_jitter_works_on_a_flipped_frame():
    frame = ClipRandomFlip(prob=1.0)(example_frame())
    jitter = TRANSFORMS.build(dict(type='mmdet.YOLOXHSVRandomAug'))
    assert jitter(frame)['img'].shape == (120, 200, 3)
