"""What mot2coco writes, read by the data sets and evaluated by MMTracking's metric."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from mmengine.structures import InstanceData
from mmtrack.evaluation import MOTChallengeMetrics
from mmtrack.structures import TrackDataSample
from mmtrack.utils import register_all_modules

from converter_samples import MOT17_GT, convert, make_sequence
from vsd_mot.datasets import MOTClipDataset
from vsd_mot.datasets.converters import convert_mot
from vsd_mot.datasets.converters.cocovid import MOT_CLASSES


def evaluate(annotation_file: Path, root: Path, shift: Callable[[str, int], float]) -> dict:
    """Feed the ground truth, shifted per video and frame, to MMTracking's metric."""
    dataset = MOTClipDataset(
        ann_file=str(annotation_file), data_root=str(root), data_prefix=dict(img_path=''),
        metainfo=dict(CLASSES=MOT_CLASSES), test_mode=True, pipeline=[],
    )  # fmt: skip
    metric = MOTChallengeMetrics()
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        people = [i for i in info['instances'] if i['category_id'] == 1 and i['mot_conf']]
        boxes = torch.tensor([i['bbox'] for i in people]).reshape(-1, 4)
        video = Path(info['img_path']).parts[-3]
        sample = TrackDataSample(metainfo=info)
        sample.pred_track_instances = InstanceData(
            bboxes=boxes + shift(video, info['frame_id']),
            scores=torch.ones(len(people)),
            labels=torch.zeros(len(people), dtype=torch.long),
            instances_id=torch.tensor([i['instance_id'] for i in people], dtype=torch.long),
        )
        metric.process({}, [sample.to_dict()])
    return metric.evaluate()


def value_of(result: dict, name: str) -> float:
    return result[f'motchallenge-metric/{name}']


def test_mmtrack_evaluates_what_was_converted(synthetic_set):
    """The right answer gets everything right; a wrong one loses exactly what is wrong."""
    file = synthetic_set / 'annotations' / 'val.json'
    right = evaluate(file, synthetic_set, lambda video, frame: 0.0)
    for name in ('HOTA', 'MOTA', 'IDF1'):
        assert value_of(right, name) == pytest.approx(1.0)
    people = sum(row['category_id'] == 1 for row in json.loads(file.read_text())['annotations'])
    assert value_of(right, 'TP') == people
    # One of two videos is far off: its people are missed, and its boxes are false.
    wrong = evaluate(file, synthetic_set, lambda video, frame: 500.0 * (video == 'SYN-V01'))
    lost = sum(
        line.split(',')[6] == '1'
        for line in (synthetic_set / 'val' / 'SYN-V01' / 'gt' / 'gt.txt').read_text().splitlines()
    )
    assert value_of(wrong, 'TP') == people - lost
    assert value_of(wrong, 'MOTA') == pytest.approx((people - 2 * lost) / people)


def test_mmtrack_evaluates_halves(synthetic_set, tmp_path):
    written = convert_mot([synthetic_set], output=tmp_path, half=True, progress=False).files
    result = evaluate(written['half-val'], synthetic_set, lambda video, frame: 0.0)
    assert result['motchallenge-metric/HOTA'] == pytest.approx(1.0)
    content = json.loads(written['half-val'].read_text())
    assert len(content['images']) == 4 * (10 - 6)
    counted = sum(row['category_id'] == 1 for row in content['annotations'])
    assert result['motchallenge-metric/TP'] == counted


def test_unmarked_people_are_ignored_in_training(tmp_path):
    register_all_modules()
    make_sequence(tmp_path / 'A', MOT17_GT)
    convert(tmp_path)
    dataset = MOTClipDataset(
        ann_file='annotations/all.json', data_root=str(tmp_path), data_prefix=dict(img_path=''),
        clip_length=1,
        pipeline=[
            dict(
                type='ClipBroadcaster',
                transforms=[
                    dict(type='LoadFrame'),
                    dict(type='LoadTrackAnnotations', with_instance_id=True),
                ],
            ),
            dict(type='PackClipInputs'),
        ],
    )  # fmt: skip
    sample = dataset[0]['data_samples']
    assert sample.gt_instances.bboxes.tolist() == [[10, 5, 30, 35]]
    assert sample.ignored_instances.bboxes.tolist() == [[11, 5, 31, 35]]
