"""Rows of gt.txt."""

from __future__ import annotations

import pytest

from converter_samples import MOT17_GT, boxes_of, convert, make_sequence
from vsd_mot.datasets.converters.cocovid import MOT_CLASSES


def test_mot17_rows(tmp_path):
    make_sequence(tmp_path / 'train' / 'MOT17-02', MOT17_GT)
    contents, report = convert(tmp_path)
    content = contents['train']
    assert [c['name'] for c in content['categories']] == list(MOT_CLASSES)
    assert content['videos'] == [dict(id=1, name='MOT17-02', fps=25.0, width=64, height=48)]
    assert [image['file_name'] for image in content['images']] == [
        f'train/MOT17-02/img1/{k:06d}.jpg' for k in range(1, 5)
    ]
    assert [image['frame_id'] for image in content['images']] == [0, 1, 2, 3]
    assert [image['mot_frame_id'] for image in content['images']] == [1, 2, 3, 4]
    rows = boxes_of(content)
    assert rows[1]['bbox'] == [10, 5, 20, 30]
    assert rows[1]['area'] == 600
    assert {k: (r['category_id'], r['mot_conf'], r['iscrowd']) for k, r in rows.items()} == {
        1: (1, 1, False), 2: (1, 0, True), 3: (7, 0, False), 4: (3, 0, False), 5: (12, 0, False),
    }  # fmt: skip
    assert [rows[k]['visibility'] for k in (1, 2, 3)] == [0.86, 0.5, 0.25]
    assert boxes_of(content, 1)[1]['instance_id'] == rows[1]['instance_id']
    assert content['num_instances'] == 5
    assert '2 boxes of 1 people that count, 4 other rows' in report


@pytest.mark.parametrize(
    ('rule', 'counting'),
    [
        ('pedestrian', {1}),
        ('motr', {1, 2, 7, 8, 12, 13}),
        ('all', set(range(1, 14))),
        ('2,7', {2, 7}),
    ],
)
def test_person_rules(tmp_path, rule, counting):
    """With the consider mark set, the class decides; MOTR's rule is the published one."""
    gt = ''.join(f'1,{k},5,5,20,30,1,{k},1\n' for k in range(1, 14))
    make_sequence(tmp_path / 'all' / 'A', gt + '2,1,5,5,20,30,0,1,1\n')
    contents, _ = convert(tmp_path, person_classes=rule)
    rows = boxes_of(contents['all'])
    assert {k for k, r in rows.items() if r['category_id'] == 1} == counting | {1}
    people = {k for k, r in rows.items() if r['category_id'] == 1 and not r['iscrowd']}
    assert people - {1} == counting - {1}


def test_unknown_person_rule(tmp_path):
    make_sequence(tmp_path / 'A', MOT17_GT)
    with pytest.raises(ValueError, match=r"pedestrian, motr, all or class numbers.*got 'dancers'"):
        convert(tmp_path, person_classes='dancers')


def test_mot15_has_no_classes(tmp_path):
    """Columns 8 to 10 are 3D coordinates, all rows count."""
    gt = '1,1,10,5,20,30,1,4.4852,5.5016,0\n1,2,11,5,20,30,1,12.6,10.6,0\n'
    make_sequence(tmp_path / 'TUD', gt)
    contents, report = convert(tmp_path)
    rows = boxes_of(contents['all'])
    assert {(r['category_id'], r['mot_conf'], r['visibility']) for r in rows.values()} == {
        (1, 1, 1)
    }
    assert '2 boxes of 2 people' in report


@pytest.mark.parametrize('columns', [6, 7, 8])
def test_own_data_with_few_columns(tmp_path, columns):
    row = ['1', '7', '10.5', '5', '20', '30', '1', '1'][:columns]
    make_sequence(tmp_path / 'own', ' '.join(row) + '\n', info=None)
    contents, report = convert(tmp_path)
    row = boxes_of(contents['all'])[7]
    assert (row['bbox'], row['mot_conf'], row['visibility']) == ([10.5, 5, 20, 30], 1, 1)
    assert contents['all']['videos'][0]['fps'] == 30
    assert 'without seqinfo.ini, its properties taken from its images' in report


def test_images_counted_from_zero(tmp_path):
    make_sequence(tmp_path / 'A', '1,1,1,1,9,9\n4,1,4,1,9,9\n', numbers=range(4))
    contents, report = convert(tmp_path)
    assert boxes_of(contents['all'], 0)[1]['bbox'][0] == 1
    assert boxes_of(contents['all'], 3)[1]['bbox'][0] == 4
    assert 'gt counts frames from 1, the file names of the images do not' in report
    make_sequence(tmp_path / 'b' / 'B', '0,1,1,1,9,9\n3,1,4,1,9,9\n', numbers=range(4))
    contents, report = convert(tmp_path / 'b')
    assert boxes_of(contents['all'], 3)[1]['bbox'][0] == 4
    assert 'counts frames' not in report


@pytest.mark.parametrize(
    ('gt', 'options', 'message'),
    [
        ('1,1,1,1,9\n', {}, r'gt.txt, line 1: 5 fields'),
        ('1,1,1,1,9,9\n1,2,x,1,9,9\n', {}, r'gt.txt, line 2'),
        ('1,1,nan,1,9,9\n', {}, r'gt.txt, line 1'),
        ('1,1,1,1,9,9,1,1,1\n2,1,1,1,9,9,1,inf,1\n', {}, r'gt.txt, line 2: .* 7 and 8, .*inf'),
        ('1,1,1,1,9,9,1,nan\n', {}, r'gt.txt, line 1: .* 7 and 8, .*nan'),
        ('1,1,1,1,9,9,nan\n', {}, r'gt.txt, line 1: .* 7 and 8, .*nan'),
        ('1,1,1,1,9,9\n1,2,1,1,9,9,1\n', {}, r'line 2 has 7 columns, the lines before have 6'),
        ('1,1,1,1,9,9,1,4.5,5\n', {}, r'line 1: 4.5 in column 8 is no class.*--gt-format mot15'),
        ('1,1,1,1,9,9,0,1,1\n', {}, r'no row of the split all counts as a person'),
        ('1,1,1,1,9,9\n', dict(gt_format='kitti'), r"auto, mot15, mot17, got 'kitti'"),
        ('1,1,1,1,9,9\n', dict(half=True, val_sequences=['A']), 'choose one split'),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_an_error(tmp_path, gt, options, message):
    make_sequence(tmp_path / 'A', gt)
    with pytest.raises(ValueError, match=message):
        convert(tmp_path, **options)
    assert not (tmp_path / 'annotations').exists()


def test_unused_cells_may_be_anything(tmp_path):
    make_sequence(tmp_path / 'A', '1,1,1,1,9,9,1,nan,inf,-1\n')  # MOT15
    make_sequence(tmp_path / 'b' / 'B', '1,1,1,1,9,9,1,1,nan\n')  # visibility that is not known
    for folder in (tmp_path / 'A', tmp_path / 'b'):
        ((row,),) = (part['annotations'] for part in convert(folder)[0].values())
        assert row['visibility'] == 1


def test_gt_format_can_be_forced(tmp_path):
    make_sequence(tmp_path / 'A', '1,1,1,1,9,9,1,4.5,5\n')
    contents, _ = convert(tmp_path, gt_format='mot15')
    assert len(contents['all']['annotations']) == 1
