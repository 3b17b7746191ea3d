import pytest

from vsd_mot.mot_layout import (
    find_sequences,
    frame_number,
    list_images,
    numbered_images,
    read_seqinfo,
)


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_sequences_are_found_behind_links_and_not_too_deep(tmp_path):
    touch(tmp_path / 'elsewhere/B/img1/1.jpg')
    touch(tmp_path / 'set/train/A/img1/1.jpg')
    touch(tmp_path / 'set/train/A/nested/img1/1.jpg')
    touch(tmp_path / 'set/val/C/seqinfo.ini')
    touch(tmp_path / 'set/.old/D/img1/1.jpg')
    touch(tmp_path / 'set/1/2/3/4/img1/1.jpg')
    (tmp_path / 'set/train/B').symlink_to(tmp_path / 'elsewhere/B', target_is_directory=True)
    (tmp_path / 'set/val/again').symlink_to(tmp_path / 'set/val', target_is_directory=True)
    root = tmp_path / 'set'
    names = ['train/A', 'train/B', 'val/C', 'val/again/C']
    assert find_sequences(root) == [root / name for name in names]
    assert find_sequences(root / 'train/A') == [root / 'train/A']
    assert find_sequences(tmp_path / 'nowhere') == []


def test_images_in_natural_order(tmp_path):
    for name in ('f10.jpg', 'f2.webp', 'f1.PNG', '.f3.jpg', 'notes.txt'):
        touch(tmp_path / name)
    (tmp_path / 'f4.jpg').mkdir()
    assert [path.name for path in list_images(tmp_path)] == ['f1.PNG', 'f2.webp', 'f10.jpg']
    assert list_images(tmp_path / 'nowhere') == []


def test_frame_numbers_end_the_name(tmp_path):
    names = ['000001.jpg', 'frame_000007.jpg', 'cam2_0.png', 'first.jpg', '12b.jpg']
    assert [frame_number(tmp_path / name) for name in names] == [1, 7, 0, None, None]


def test_numbered_images(tmp_path):
    for name in ('b_1.jpg', 'a_10.jpg', 'a_2.jpg'):
        touch(tmp_path / name)
    assert [(k, path.name) for k, path in numbered_images(tmp_path).items()] == [
        (1, 'b_1.jpg'),
        (2, 'a_2.jpg'),
        (10, 'a_10.jpg'),
    ]
    touch(tmp_path / 'c_002.png')
    with pytest.raises(ValueError, match=r'c_002\.png and .*a_2\.jpg are both frame 2: remove'):
        numbered_images(tmp_path)
    touch(tmp_path / 'a.jpg')
    with pytest.raises(ValueError, match=r'a\.jpg: the name must end in the frame number'):
        numbered_images(tmp_path)


def test_seqinfo(tmp_path):
    path = tmp_path / 'seqinfo.ini'
    assert read_seqinfo(tmp_path) == {}
    path.write_text('[Sequence]\nname=50%\nframeRate=30\n', encoding='utf-8-sig')
    assert read_seqinfo(tmp_path) == dict(name='50%', framerate='30')
    path.write_text('[Sequence]\nframeRate=25\nframeRate=30\n')
    with pytest.raises(ValueError, match=r"seqinfo\.ini .*'framerate'.* already exists"):
        read_seqinfo(tmp_path)
    path.write_text('[Other]\nname=a\n')
    assert read_seqinfo(tmp_path) == {}
    path.write_text('name=a\n')
    with pytest.raises(
        ValueError, match=r'seqinfo\.ini is not an ini file of single entries: .*Correct or remove'
    ):
        read_seqinfo(tmp_path)
    path.write_bytes('[Sequence]\n'.encode('utf-16'))
    with pytest.raises(ValueError, match=r'seqinfo\.ini is not an ini file'):
        read_seqinfo(tmp_path)
