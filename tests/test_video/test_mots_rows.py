"""Rows of MOTS text."""

import numpy as np
import pytest

from vsd_mot.video.mots_rows import IGNORE, MotsRow, read_mots_rows, rows_to_label_map


def mask(columns):
    found = np.zeros((6, 8), bool)
    found[2:5, columns] = True
    return found


def test_masks_come_back_from_a_file(tmp_path):
    rows = [MotsRow.of_mask(1, 2001, mask(slice(0, 3))), MotsRow.of_mask(3, 2002, mask([7]), 1)]
    (tmp_path / 'a.txt').write_text(f'{rows[0]}\n\n{rows[1]}\n')
    read = read_mots_rows(tmp_path / 'a.txt')
    assert read == {1: [rows[0]], 3: [rows[1]]}
    np.testing.assert_array_equal(read[1][0].mask, mask(slice(0, 3)))
    assert read[3][0].category == 1


def test_later_rows_lie_on_top_and_ignored_ones_are_minus_one():
    rows = [
        MotsRow.of_mask(1, 5, mask(slice(0, 4))),
        MotsRow.of_mask(1, 6, mask(slice(3, 5))),
        MotsRow.of_mask(1, 10000, mask([7]), IGNORE),
    ]
    labels = rows_to_label_map(rows)
    assert labels.dtype == np.int32
    assert labels[3].tolist() == [5, 5, 5, 6, 6, 0, 0, -1]


@pytest.mark.parametrize('line', ['1 2 2 6 8', 'a 2 2 6 8 x', '1 2 2 6 8 x y'])
def test_a_wrong_line_is_named(tmp_path, line):
    (tmp_path / 'a.txt').write_text(f'\n{line}\n')
    with pytest.raises(ValueError, match=r'a\.txt, line 2: not "frame identity class'):
        read_mots_rows(tmp_path / 'a.txt')
