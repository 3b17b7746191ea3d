"""Rows of MOTS text."""

import numpy as np
import pytest

from vsd_mot.video.mots_rows import (
    IGNORE,
    MotsRow,
    read_mots_rows,
    rows_to_label_map,
    run_lengths,
)


def bar(columns):
    pixels = np.zeros((6, 8), bool)
    pixels[2:5, columns] = True
    return pixels


def test_run_lengths_of_masks_fill_the_picture():
    rng = np.random.default_rng(0)
    for _ in range(20):
        mask = rng.random(rng.integers(1, 40, 2)) < rng.random()
        assert run_lengths(MotsRow.of_mask(1, 1, mask=mask).counts) == mask.size


def test_rows_come_back(tmp_path):
    mask = np.zeros((6, 8), bool)
    mask[2:4, 3:7] = True
    (tmp_path / 'a.txt').write_text(f'{MotsRow.of_mask(3, 2001, mask=mask)}\n\n')
    ((frame, rows),) = read_mots_rows(tmp_path / 'a.txt').items()
    assert frame == 3
    assert (rows_to_label_map(rows) == np.where(mask, 2001, 0)).all()


@pytest.mark.parametrize(
    ('line', 'message'),
    [
        ('1 2001 2 6 8', 'not "frame identity class'),
        ('1 2001 2 6 8 zzzzzzzz', 'the mask has not 6 x 8 pixels'),
        ('1 2001 2 6 8 \\', 'the mask has not 6 x 8 pixels'),
        ('1 2001 2 6 8 o1', 'the mask has not 6 x 8 pixels'),
        ('1 2001 2 60000 80000 0', 'cannot be'),
        ('1 2001 2 -6 8 0', 'cannot be'),
        ('0 2001 2 6 8 0', 'frame 0'),
        ('1 99999999999 2 6 8 0', 'identity 99999999999'),
        ('99999999999999999999 1 2 6 8 0', 'frame 99999999999999999999'),
    ],
)
def test_masks_that_are_not_what_they_say(tmp_path, line, message):
    (tmp_path / 'a.txt').write_text(f'{line}\n')
    with pytest.raises(ValueError, match=f'line 1: .*{message}'):
        read_mots_rows(tmp_path / 'a.txt')


def test_masks_of_two_sizes_in_a_frame(tmp_path):
    rows = [MotsRow.of_mask(1, k, mask=np.ones((4, 5 + k), bool)) for k in (1, 2)]
    (tmp_path / 'a.txt').write_text(''.join(f'{row}\n' for row in rows))
    with pytest.raises(ValueError, match='line 2: frame 1 has masks of two sizes'):
        read_mots_rows(tmp_path / 'a.txt')


def test_objects_lie_on_what_is_ignored_and_not_on_each_other():
    rows = [
        MotsRow.of_mask(1, 5, mask=bar(slice(0, 3))),
        MotsRow.of_mask(1, 6, mask=bar(slice(3, 5))),
        MotsRow.of_mask(1, 10000, mask=bar([0, 7]), category=IGNORE),
    ]
    labels = rows_to_label_map(rows)
    assert labels.dtype == np.int32
    assert labels[3].tolist() == [5, 5, 5, 6, 6, 0, 0, -1]
    with pytest.raises(ValueError, match='masks of 5 and 7 overlap'):
        rows_to_label_map([rows[0], MotsRow.of_mask(1, 7, mask=bar([2]))])
    with pytest.raises(ValueError, match='0 is no identity'):
        rows_to_label_map([MotsRow.of_mask(1, 0, mask=bar([2]))])
