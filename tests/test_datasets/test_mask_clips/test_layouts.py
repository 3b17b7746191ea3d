"""Sets with label maps in the layouts of DAVIS, YouTube-VOS and MOTS."""

import numpy as np
import pytest

from hqtrack_fixtures import clip
from tiny_masks import write_mots_set
from vsd_mot.datasets.mask_clips import find_sequences
from vsd_mot.video.label_files import write_label_map
from vsd_mot.video.mots_rows import MotsRow


def moved(source, pictures, labels):
    """Move the frames of the small MOTS set to other folders."""
    for old, new in (('img1', pictures), ('labels', labels)):
        new.parent.mkdir(parents=True, exist_ok=True)
        (source / 'train/SEQ' / old).rename(new)


def test_mots_with_label_maps(tmp_path):
    (sequence,) = find_sequences(write_mots_set(tmp_path), 'mots', 'train')
    assert (sequence.name, sequence.fps, sequence.annotated) == ('SEQ', 10.0, tuple(range(6)))
    assert np.array_equal(sequence.labels(4), clip(6, 65, 97, 3)[1][4])
    assert sequence.picture(0).shape == (65, 97, 3)


def test_mots_text(tmp_path):
    root = write_mots_set(tmp_path)
    labels = clip(6, 65, 97, 3)[1]
    rows = [
        MotsRow.of_mask(at + 1, 2000 + one, mask=label == one, category=2)
        for at, label in enumerate(labels)
        for one in (1, 2)
    ]
    rows.append(MotsRow.of_mask(1, 10000, mask=labels[0] == 0, category=10))
    folder = root / 'train/SEQ'
    (folder / 'labels').rename(tmp_path / 'elsewhere')
    (folder / 'gt').mkdir()
    (folder / 'gt/gt.txt').write_text(''.join(f'{row}\n' for row in rows))
    (sequence,) = find_sequences(root, 'mots', 'train')
    assert np.unique(sequence.labels(0)).tolist() == [-1, 2001, 2002]
    assert np.array_equal(sequence.labels(3) == 2001, labels[3] == 1)
    (folder / 'gt/gt.txt').write_text('1 2001 2 65\n')
    with pytest.raises(ValueError, match='line 1: not "frame identity class'):
        find_sequences(root, 'mots', 'train')


def test_davis(tmp_path):
    source = write_mots_set(tmp_path / 'source')
    root = tmp_path / 'davis'
    moved(source, root / 'JPEGImages/480p/bear', root / 'Annotations/480p/bear')
    with pytest.raises(ValueError, match='no such list of the sequences'):
        find_sequences(root, 'davis', 'train')
    (root / 'ImageSets/2017').mkdir(parents=True)
    (root / 'ImageSets/2017/train.txt').write_text('bear\n')
    void = clip(6, 65, 97, 3)[1][0].copy()
    void[0] = 255
    write_label_map(root / 'Annotations/480p/bear/000001.png', void)
    (sequence,) = find_sequences(root, 'davis', 'train')
    assert (sequence.labels(0)[0] == -1).all()


def test_youtube_vos_is_annotated_in_some_frames(tmp_path):
    source = write_mots_set(tmp_path / 'source')
    root = tmp_path / 'ytvos'
    moved(source, root / 'train/JPEGImages/a1', root / 'train/Annotations/a1')
    for number in (2, 3, 5, 6):
        (root / f'train/Annotations/a1/{number:06d}.png').unlink()
    (sequence,) = find_sequences(root, 'youtube_vos', 'train')
    assert sequence.annotated == (0, 3)


def test_an_unknown_layout_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(ValueError, match="layout 'coco' is none of davis"):
        find_sequences(tmp_path, 'coco')
    with pytest.raises(ValueError, match='no sequence with label maps'):
        find_sequences(tmp_path, 'mots', 'val')
