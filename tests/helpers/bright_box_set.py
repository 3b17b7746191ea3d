"""A set of moving bright boxes, and the config of a tracker that finds them."""

import json
from pathlib import Path

import cv2

from bright_box_tracker import HEIGHT, WIDTH, moving_boxes, true_boxes

FRAMES = 6
SEQUENCE_RATE, SEQUENCE_FRAMES = 5, 22


CONFIG = """
default_scope = 'mmtrack'
custom_imports = dict(imports=['vsd_mot', 'bright_box_tracker'])
model = dict(type='BrightBoxTracker', data_preprocessor=dict(type='TrackDataPreprocessor'))
test_dataloader = dict(
    batch_size=1,
    num_workers=0,
    persistent_workers=False,
    drop_last=False,
    sampler=dict(type='VideoSampler'),
    dataset=dict(
        type='MOTChallengeDataset',
        data_root={root!r},
        ann_file='val.json',
        data_prefix=dict(img_path=''),
        metainfo=dict(CLASSES=('pedestrian', )),
        ref_img_sampler=None,
        load_as_video=True,
        test_mode=True,
        pipeline=[
            dict(type='LoadImageFromFile'),
            dict(type='LoadTrackAnnotations', with_instance_id=True),
            dict(type='mmdet.Resize', scale=(64, 64), keep_ratio=True),
            dict(type='PackTrackInputs', pack_single_img=True),
        ]))
test_cfg = dict(type='TestLoop')
test_evaluator = dict(type='MOTChallengeMetrics', metric=['HOTA', 'CLEAR', 'Identity'])
"""


def write_tested_config(folder: Path) -> Path:
    """Write two videos of two moving boxes, and the config that tests a tracker on them."""
    root = folder / 'set'
    content = dict(videos=[], images=[], annotations=[], categories=[dict(id=1, name='pedestrian')])
    for video in (1, 2):
        folder = root / f'V{video}' / 'img1'
        folder.mkdir(parents=True)
        content['videos'].append(dict(id=video, name=f'V{video}'))
        for number, image in enumerate(moving_boxes(FRAMES)):
            name = f'V{video}/img1/{number + 1:06d}.png'
            assert cv2.imwrite(str(root / name), image)
            image_id = len(content['images']) + 1
            content['images'].append(
                dict(
                    id=image_id,
                    video_id=video,
                    file_name=name,
                    frame_id=number,
                    height=HEIGHT,
                    width=WIDTH,
                )
            )
            for identity, (x1, y1, x2, y2) in true_boxes(number).items():
                content['annotations'].append(
                    dict(
                        id=len(content['annotations']) + 1,
                        image_id=image_id,
                        video_id=video,
                        category_id=1,
                        instance_id=identity,
                        mot_conf=1.0,
                        visibility=1.0,
                        bbox=[x1, y1, x2 - x1, y2 - y1],
                        area=(x2 - x1) * (y2 - y1),
                        iscrowd=False,
                        mot_instance_id=identity,
                    )
                )
    (root / 'val.json').write_text(json.dumps(content))
    path = folder / 'bright.py'
    path.write_text(CONFIG.format(root=str(root)))
    return path


def write_sequence(folder: Path) -> Path:
    """Write two boxes that move through 22 frames, five a second, in MOTChallenge layout."""
    (folder / 'img1').mkdir(parents=True)
    (folder / 'gt').mkdir()
    rows = []
    for number, image in enumerate(moving_boxes(SEQUENCE_FRAMES), start=1):
        assert cv2.imwrite(str(folder / 'img1' / f'{number:06d}.png'), image)
        rows += [
            f'{number},{identity},{x1},{y1},{x2 - x1},{y2 - y1},1,1,1'
            for identity, (x1, y1, x2, y2) in true_boxes(number - 1).items()
        ]
    (folder / 'gt' / 'gt.txt').write_text('\n'.join([*rows, '3,9,1,1,9,9,0,8,1\n']))
    (folder / 'seqinfo.ini').write_text(
        f'[Sequence]\nname=BOXES\nimDir=img1\nframeRate={SEQUENCE_RATE}\nseqLength={SEQUENCE_FRAMES}\n'
        f'imWidth={WIDTH}\nimHeight={HEIGHT}\nimExt=.png\n'
    )
    return folder
