"""The geometry against the published code's numbers, and how it treats clips."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmcv.transforms import Compose
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmtrack.registry import TRANSFORMS

from small_sets import write_video_set
from vsd_mot.datasets.transforms import (
    ClipRandomCrop,
    ClipRandomFlip,
    LoadFrame,
    PackClipInputs,
    RandomShiftClip,
    ShortSideResize,
    short_side_size,
)
from vsd_mot.datasets.transforms.geometry import crop_frame
from vsd_mot.datasets.transforms.random_shift import shift_frame
from vsd_mot.models.data_preprocessor import ClipDataPreprocessor

ROOT = Path(__file__).parents[2]
GOLDEN = json.loads((ROOT / 'tests/data/preprocess.json').read_text())
EXAMPLES = GOLDEN['box_examples']
IMAGES = np.load(ROOT / 'tests/data/preprocess.npz')


@pytest.fixture(autouse=True)
def _mmtrack_scope():
    with DefaultScope.overwrite_default_scope('mmtrack'):
        yield


def example_frame():
    """The frame of the golden box examples: 4 objects, 3 proposals."""
    given = EXAMPLES['input']
    boxes = np.array(given['boxes_xyxy'], np.float32)
    count = given['n_gt']
    rng = np.random.default_rng(0)
    return dict(
        img=rng.integers(0, 256, (given['h'], given['w'], 3), dtype=np.uint8),
        img_path='example.jpg',
        img_shape=(given['h'], given['w']),
        gt_bboxes=boxes[:count].copy(),
        gt_bboxes_labels=np.zeros(count, np.int64),
        gt_instances_id=np.arange(count),
        gt_ignore_flags=np.zeros(count, bool),
        proposals=boxes[count:].copy(),
        proposals_scores=np.arange(count, len(boxes)).astype(np.float32) / 10,
        is_video_data=False,
    )


def assert_like(frame, expected):
    """Boxes, scores, identities and size as the published code gives them."""
    assert frame['img'].shape[:2] == tuple(expected['out_hw'])
    boxes = np.concatenate([frame['gt_bboxes'], frame['proposals']])
    np.testing.assert_allclose(boxes, np.array(expected['boxes']), rtol=1e-5, atol=2e-5)
    assert frame['gt_instances_id'].tolist() == expected['obj_ids']
    assert len(frame['gt_bboxes_labels']) == expected['n_labels']
    proposals = len(frame['proposals'])
    np.testing.assert_allclose(frame['proposals_scores'], expected['scores'][-proposals:])
    assert frame['gt_bboxes'].dtype == frame['proposals'].dtype == np.float32


@pytest.mark.parametrize('row', GOLDEN['inference_h_w_outh_outw'])
def test_inference_size(row):
    assert short_side_size(row[0], row[1], (1536, 800), 'truncate') == tuple(row[2:])


def test_inference_truncation_in_the_same_places():
    heights = [h for h in range(100, 2200) if short_side_size(h, h, 800, 'truncate')[0] == 799]
    assert heights == GOLDEN['heights_where_truncation_gives_799']
    widths = [
        w for w in range(1537, 4097) if short_side_size(800, w, (1536, 800), 'truncate')[1] == 1535
    ]
    assert widths == GOLDEN['widths_where_truncation_gives_1535']


@pytest.mark.parametrize(
    'case', GOLDEN['train_resize'], ids=lambda case: f'{case["h"]}x{case["w"]}'
)
def test_training_sizes(case):
    for side, height, width in case['sizes']:
        scale = int(side.split()[0]) if isinstance(side, str) else (1536, side)
        assert short_side_size(case['h'], case['w'], scale, 'detr') == (height, width)


def test_nearest_size_is_mmcvs():
    assert short_side_size(1080, 1920, (1536, 800), 'nearest') == (800, 1422)
    assert short_side_size(161, 161, 800, 'nearest') == (800, 800)


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


@pytest.mark.parametrize(
    ('name', 'y', 'x'),
    [
        ('random_shift_y7_x_minus12_region_0_12_113_188', 7, -12),
        ('random_shift_y_minus30_x25_region_30_0_90_175', -30, 25),
    ],
)
def test_shift(name, y, x):
    frame = example_frame()
    before = frame['img'].copy()
    assert_like(shift_frame(frame, y, x), EXAMPLES[name])
    np.testing.assert_array_equal(frame['img'], before)


def test_object_at_the_far_edge_survives_a_shift():
    frame = example_frame()
    frame['gt_bboxes'] = np.array([[185, 100, 199, 119]] * 4, np.float32)
    # The content moves left by 12 and up by 7: the corner stays in view, and the enlarged box
    # begins beyond the cut-out's size, where the published code would drop it.
    shifted = shift_frame(frame, -7, -12)
    assert len(shifted['gt_bboxes']) == 4
    assert shifted['gt_bboxes'][0, 0] > 180


def clip_of(frames):
    return {key: [frame[key] for frame in frames] for key in frames[0]}


def test_shift_is_cumulative_and_the_same_for_all_frames():
    np.random.seed(5)
    clip = RandomShiftClip(max_shift=8)(clip_of([example_frame() for _ in range(4)]))
    np.testing.assert_array_equal(clip['img'][0], example_frame()['img'])
    first = clip['gt_bboxes'][0]
    signs = set()
    frame = example_frame()
    candidates = [(y, x) for y in range(-8, 9) for x in range(-8, 9) if y and x]
    (shift,) = [
        shift
        for shift in candidates
        if np.allclose(shift_frame(frame, *shift)['gt_bboxes'], clip['gt_bboxes'][1], atol=1e-4)
    ]
    for later in clip['gt_bboxes'][1:]:
        frame = shift_frame(frame, *shift)
        np.testing.assert_allclose(later, frame['gt_bboxes'], atol=1e-4)
        signs.add(tuple(np.sign(later[0, :2] - first[0, :2])))
    assert len(signs) == 1


def test_shift_of_a_tiny_image_leaves_something_of_it():
    frame = example_frame()
    frame['img'] = frame['img'][:6, :6]
    for seed in range(20):
        np.random.seed(seed)
        clip = RandomShiftClip(max_shift=50)(clip_of([dict(frame) for _ in range(3)]))
        assert all(image.shape == (6, 6, 3) for image in clip['img'])


def test_published_training_pipeline_draws_once_per_clip(tmp_path):
    root = write_video_set(tmp_path, dict(first=3))
    pipeline = Config.fromfile(ROOT / 'configs/_base_/datasets/pipelines.py').train_pipeline
    path = root / 'train/first/img1/000001.png'
    # A scene with structure, the same in each frame, so that equal geometry gives equal frames.
    scene = cv2.resize(np.random.default_rng(1).integers(0, 255, (9, 16, 3), np.uint8), (320, 180))
    cv2.imwrite(str(path), scene)
    build = Compose([TRANSFORMS.build(step) for step in pipeline])
    sizes = set()
    for seed in range(6):
        frames = [
            dict(
                img_path=str(path),
                instances=[
                    dict(bbox=[100, 60, 140, 120], bbox_label=0, ignore_flag=0, instance_id=3)
                ],
                proposals=np.array([[100, 60, 140, 120]], np.float32),
                proposals_scores=np.array([0.9], np.float32),
                is_video_data=True,
                frame_id=number,
            )
            for number in range(3)
        ]
        np.random.seed(seed)
        packed = build(clip_of(frames))
        images, sample = packed['inputs']['img'], packed['data_samples']
        assert torch.equal(images[0], images[1])
        assert torch.equal(images[0], images[2])
        assert min(images.shape[-2:]) <= 992
        assert max(images.shape[-2:]) <= 1536
        # Objects and proposals went the same way.
        torch.testing.assert_close(sample.gt_instances.bboxes, sample.proposals.bboxes)
        assert sample.gt_instances.img_idx.tolist() == sample.proposals.img_idx.tolist()
        sizes.add(tuple(images.shape[-2:]))
    assert len(sizes) > 2


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


def test_frames_of_different_size_are_refused():
    frames = [example_frame(), ShortSideResize(60)(example_frame())]
    with pytest.raises(ValueError, match='share_random_params'):
        PackClipInputs()(frames)


def test_ignored_objects_are_packed_apart():
    frame = example_frame()
    frame['gt_ignore_flags'] = np.array([False, True, False, False])
    sample = PackClipInputs()([frame, example_frame()])['data_samples']
    assert sample.gt_instances.instances_id.tolist() == [0, 2, 3, 0, 1, 2, 3]
    assert sample.gt_instances.img_idx.tolist() == [0, 0, 0, 1, 1, 1, 1]
    assert sample.ignored_instances.instances_id.tolist() == [1]
    assert sample.proposals.img_idx.tolist() == [0, 0, 0, 1, 1, 1]


def test_teacher_images_and_features_are_packed():
    image = example_frame()['img']
    first = dict(example_frame(), teacher_img=image[:50, :40], teacher_key='a')
    second = dict(example_frame(), teacher_img=np.ones((49, 8), np.float32), teacher_key='b')
    packed = PackClipInputs()([first, second])
    view, feature = packed['inputs']['teacher_img']
    assert view.shape == (3, 50, 40)
    assert view.dtype == torch.uint8
    assert feature.shape == (49, 8)
    assert packed['data_samples'].teacher_key == ['a', 'b']


def test_missing_image_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'gone\.jpg.*data_root'):
        LoadFrame()(dict(img_path=str(tmp_path / 'gone.jpg')))


@pytest.mark.parametrize('content', [b'', b'no image at all', None])
def test_broken_image_is_named(tmp_path, content):
    path = tmp_path / 'broken.jpg'
    if content is None:
        image = np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8)
        whole = cv2.imencode('.jpg', image)[1].tobytes()
        content = whole[: len(whole) // 2]
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r'broken\.jpg cannot be read'):
        LoadFrame()(dict(img_path=str(path)))


def test_frame_loaded_twice_is_not_shared(tmp_path):
    path = tmp_path / 'frame.png'
    cv2.imwrite(str(path), np.full((4, 4, 3), 7, np.uint8))
    load = LoadFrame()
    first = load(dict(img_path=str(path)))
    first['img'][:] = 0
    second = load(dict(img_path=str(path)))
    assert second['img'].min() == 7
    assert second['ori_shape'] == (4, 4)
