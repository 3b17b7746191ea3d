"""crowdhuman2coco."""

from __future__ import annotations

import json

import pytest

from converter_samples import box, crowdhuman
from vsd_mot.datasets import MOTClipDataset
from vsd_mot.datasets.converters import convert_crowdhuman


def test_crowdhuman(tmp_path):
    entries = [
        dict(ID='27,a', gtboxes=[box(1, 2, 30, 40), box(5, 5, 9, 9, ignore=1), box(-5, 0, 20, 90)]),
        dict(ID='28,b', gtboxes=[box(1, 2, 0, 9), box(99, 2, 9, 9), box(1, 1, 5, 5, tag='mask')]),
    ]
    crowdhuman(tmp_path, entries)
    converted = convert_crowdhuman(tmp_path, subsets=('val',), progress=False)
    written, report = converted.files, converted.report
    content = json.loads(written['val'].read_text())
    assert [image['file_name'] for image in content['images']] == [
        'Images/27,a.jpg',
        'Images/28,b.jpg',
    ]
    assert [(v['id'], v['name']) for v in content['videos']] == [(1, '27,a'), (2, '28,b')]
    assert {image['frame_id'] for image in content['images']} == {0}
    rows = content['annotations']
    # Full boxes may reach out of the image; they are not clipped.
    assert [row['bbox'] for row in rows] == [[1, 2, 30, 40], [-5, 0, 20, 90]]
    assert [row['instance_id'] for row in rows] == [0, 1]
    for line in (
        '1 x entry marked to be ignored, dropped',
        '1 x box smaller than one pixel, dropped',
        '1 x box outside of the image, dropped',
        '1 x entry that is no person, dropped\n    val: mask in 28,b',
        'val: 2 images, 2 people',
    ):
        assert line in str(report)
    stills = MOTClipDataset(
        ann_file=str(written['val']), data_root=str(tmp_path), data_prefix=dict(img_path=''),
        load_as_video=False, clip_length=3, pipeline=[],
    )  # fmt: skip
    assert len(stills) == 2
    clip = stills[0]
    assert len(clip['img_path']) == 3
    assert len(clip['instances'][0]) == 2


@pytest.mark.parametrize(
    'place', ['val/Images', 'val', 'CrowdHuman_val/Images', 'val_image', 'CrowdHuman_val']
)
def test_crowdhuman_image_folders_are_found(tmp_path, place):
    crowdhuman(tmp_path, [dict(ID='x', gtboxes=[box(1, 2, 30, 40)])], place=place)
    written = convert_crowdhuman(tmp_path, subsets=('val',), progress=False).files
    content = json.loads(written['val'].read_text())
    assert content['images'][0]['file_name'] == f'{place}/x.jpg'


def test_crowdhuman_errors(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'Download annotation_train\.odgt'):
        convert_crowdhuman(tmp_path, progress=False)
    crowdhuman(tmp_path, [dict(ID='x', gtboxes=[])], place='here/it/is')
    with pytest.raises(FileNotFoundError, match=r'--images val=FOLDER'):
        convert_crowdhuman(tmp_path, subsets=('val',), progress=False)
    folders = dict(val='here/it/is')
    convert_crowdhuman(tmp_path, subsets=('val',), images=folders, progress=False)
    with pytest.raises(ValueError, match='must be inside of'):
        convert_crowdhuman(tmp_path, subsets=('val',), images=dict(val='..'), progress=False)
    for line, message in (
        ('{"ID": "x"}', 'line 1 is not an entry with ID and gtboxes'),
        ('{"ID": "../x", "gtboxes": []}', r"'../x' cannot be the name of an image"),
        ('{"ID": "x", "gtboxes": [{"tag": "person"}]}', 'has no fbox of four numbers'),
        ('{"ID": "x", "gtboxes": [{"fbox": [1, "2", 3, 4]}]}', 'has no fbox of four numbers'),
        ('{"ID": "x", "gtboxes": [{"extra": null}]}', 'val.odgt, line 1: gtboxes must hold'),
        ('{"ID": "x", "gtboxes": [7]}', 'val.odgt, line 1: gtboxes must hold'),
        ('', 'has no entries'),
    ):
        (tmp_path / 'annotation_val.odgt').write_text(line)
        with pytest.raises(ValueError, match=message):
            convert_crowdhuman(tmp_path, subsets=('val',), images=folders, progress=False)
    (tmp_path / 'annotation_val.odgt').write_text(
        '{"ID": "x", "gtboxes": []}\n{"ID": "y", "gtboxes": []}'
    )
    with pytest.raises(FileNotFoundError, match='unpack all archives of the val set'):
        convert_crowdhuman(tmp_path, subsets=('val',), images=folders, progress=False)
