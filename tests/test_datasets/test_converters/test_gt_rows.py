"""mot2coco: every format of ground truth, and every fault."""

from __future__ import annotations

import pytest
from PIL import Image

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


def test_dancetrack_names(tmp_path):
    """Eight digits, nine columns."""
    make_sequence(
        tmp_path / 'val' / 'dancetrack0004', '3,0,10,5,20,30,1,1,1\n', name_format='{:08d}.jpg'
    )
    contents, _ = convert(tmp_path)
    content = contents['val']
    assert content['images'][2]['file_name'] == 'val/dancetrack0004/img1/00000003.jpg'
    assert boxes_of(content, 2)[0]['instance_id'] == 1


@pytest.mark.parametrize('columns', [6, 7, 8])
def test_own_data_with_few_columns(tmp_path, columns):
    row = ['1', '7', '10.5', '5', '20', '30', '1', '1'][:columns]
    make_sequence(tmp_path / 'own', ' '.join(row) + '\n', info=None)
    contents, report = convert(tmp_path)
    row = boxes_of(contents['all'])[7]
    assert (row['bbox'], row['mot_conf'], row['visibility']) == ([10.5, 5, 20, 30], 1, 1)
    assert contents['all']['videos'][0]['fps'] == 30
    assert 'without seqinfo.ini, its properties taken from its images' in report


def test_everything_wrong_is_reported(tmp_path):
    gt = (
        '1,1,10,5,20,30,1,1,1\n'
        '1,1,12,5,20,30,1,1,1\n'  # the same identity again
        '2,1,10,5,0,30,1,1,1\n'  # no width
        '2,2,10,5,20,-3,1,1,1\n'  # negative height
        '3,1,70,5,20,30,1,1,1\n'  # right of the image
        '9,1,10,5,20,30,1,1,1\n'  # no such frame
        '4,1,10,5,20,30,0,44,1\n'  # no such class
        '4,2,10,5,20,30,1,1,1\n'
    )
    folder = make_sequence(
        tmp_path / 'S', gt, numbers=[1, 2, 3, 5, 4, 8],
        info='[Sequence]\nname=T\nframeRate=0\nseqLength=100\nimWidth=1920\nimHeight=48\n',
    )  # fmt: skip
    (folder / 'img1' / 'Thumbs.db').write_text('x')
    contents, report = convert(tmp_path)
    assert len(contents['all']['annotations']) == 2
    assert [i['mot_frame_id'] for i in contents['all']['images']] == [1, 2, 3, 4, 5, 8]
    assert [i['frame_id'] for i in contents['all']['images']] == [0, 1, 2, 3, 4, 5]
    assert contents['all']['videos'][0]['width'] == 64
    for line in (
        '1 x gt row with the id of an earlier row of its frame, dropped\n    S: frame 1 id 1',
        '2 x gt row with a box smaller than one pixel, dropped\n'
        '    S: 2, such as frame 2 id 1: 0 x 30',
        '1 x gt row with a box outside of the image, dropped\n    S: frame 3 id 1',
        '1 x gt row of a frame that has no image, dropped\n    S: frame 9 id 1',
        '1 x gt row of a class that MOTChallenge does not have, dropped\n    S: class 44',
        '2 x frame missing between the first and the last, its neighbours follow each other\n'
        '    S: 2, such as number 6',
        '2 x seqinfo.ini contradicts the images, which are used\n'
        '    S: 2, such as seqlength=100, the images say 6',
        '1 x name in seqinfo.ini is not the name of the folder, which is used\n    S: T',
        '1 x sequence without frame rate in seqinfo.ini, taken as 30',
        '1 x file among the images that is no image, skipped\n    S: Thumbs.db',
    ):
        assert line in report


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
        ('1,1,1,1,9\n', {}, r"gt.txt, line 1: '1,1,1,1,9' is not a row of numbers"),
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


@pytest.mark.parametrize(('length', 'known'), [(4, True), (7, True), (5, False)])
def test_length_with_missing_frames_is_their_count_or_the_last_number(tmp_path, length, known):
    info = f'[Sequence]\nframeRate=25\nseqLength={length}\n'
    make_sequence(tmp_path / 'A', '7,1,1,1,9,9\n', numbers=[1, 3, 5, 7], info=info)
    _, report = convert(tmp_path)
    assert ('contradicts' not in report) == known


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


def test_broken_images_are_errors(tmp_path):
    folder = make_sequence(tmp_path / 'A', '1,1,1,1,9,9\n')
    (folder / 'img1' / '000002.jpg').write_bytes(b'')
    with pytest.raises(ValueError, match=r'000002.jpg cannot be read as an image'):
        convert(tmp_path)
    (folder / 'img1' / '000002.jpg').unlink()
    Image.new('RGB', (8, 8)).save(folder / 'img1' / '000003.png')
    with pytest.raises(ValueError, match=r'are both frame 3: remove one'):
        convert(tmp_path)
    (folder / 'img1' / '000003.png').rename(folder / 'img1' / 'first.png')
    with pytest.raises(ValueError, match=r'first.png: the name must end in the frame number'):
        convert(tmp_path)
    for path in (folder / 'img1').iterdir():
        path.unlink()
    with pytest.raises(FileNotFoundError, match='holds no images'):
        convert(tmp_path)


def test_image_folder_must_stay_inside(tmp_path):
    make_sequence(tmp_path / 'A', '1,1,1,1,9,9\n', info='[Sequence]\nimDir=../B/img1\n')
    with pytest.raises(ValueError, match=r"imDir='../B/img1' must be the name of a folder"):
        convert(tmp_path)


def test_places_without_sequences(tmp_path):
    with pytest.raises(FileNotFoundError, match='holds no sequences: a sequence is a folder with'):
        convert(tmp_path)
    with pytest.raises(FileNotFoundError, match='nowhere is not a folder'):
        convert(tmp_path / 'nowhere')
    make_sequence(tmp_path / 'data' / 'A', '1,1,1,1,9,9\n')
    with pytest.raises(ValueError, match='is not inside of'):
        convert(tmp_path / 'data', root=tmp_path / 'elsewhere')
