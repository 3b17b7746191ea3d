"""Masks as label maps and as MOTS text."""

import json
import os

import numpy as np
import torch
from mmengine.structures import InstanceData

from vsd_mot.video.label_files import read_label_map
from vsd_mot.video.mots_rows import read_mots_rows
from vsd_mot.video.results import FrameResult
from vsd_mot.video.writers.masks import LabelMapWriter, MotsTextWriter


def result(index, identities, readable=True):
    """Identity k of n has column k; the last one is not to be seen."""
    masks = torch.zeros(len(identities), 4, 6, dtype=torch.bool)
    for at in range(len(identities) - 1):
        masks[at, :, at] = True
    tracks = InstanceData(instances_id=torch.tensor(identities), masks=masks)
    image = np.zeros((4, 6, 3), np.uint8) if readable else None
    return FrameResult(index, image, tracks)


def test_pixels_are_identities_or_stand_for_them(tmp_path):
    with LabelMapWriter(tmp_path / 'maps') as writer:
        writer.write(result(0, [3, 0, 70_000, 9]), None)
        writer.write(result(1, [0, 4, 9]), None)
        writer.write(result(2, [3, 9], readable=False), None)
    names = json.loads((tmp_path / 'maps' / 'identities.json').read_text())
    assert names == {'0': 4, '70000': 5, '4': 10}
    first = read_label_map(tmp_path / 'maps' / '000001.png')
    assert first[0].tolist() == [3, 4, 5, 0, 0, 0]
    second = read_label_map(tmp_path / 'maps' / '000002.png')
    assert second[2].tolist() == [4, 10, 0, 0, 0, 0]
    assert sorted(os.listdir(tmp_path / 'maps')) == [
        '000001.png', '000002.png', 'identities.json',
    ]  # fmt: skip


def test_mots_text_has_the_masks_that_are_to_be_seen(tmp_path):
    with MotsTextWriter(tmp_path / 'a.txt') as writer:
        writer.write(result(0, [3, 0, 9]), None)
        writer.write(FrameResult(1, None, InstanceData(instances_id=torch.tensor([3]))), None)
    rows = read_mots_rows(tmp_path / 'a.txt')
    assert {frame: [row.identity for row in found] for frame, found in rows.items()} == {1: [3, 0]}
    assert rows[1][0].mask[:, 0].all()
    assert rows[1][0].category == 2
