"""Which rows of the ground truth count."""

import numpy as np

from vsd_mot.evaluation.diagnosis import read_truth, rows_that_count


def test_pedestrians_to_be_considered_count():
    rows = np.array([[1, i, 0, 0, 9, 9, flag, kind, 1] for i, flag, kind in
                     ((1, 1, 1), (2, 0, 1), (3, 1, 7), (4, 1, 1))], float)  # fmt: skip
    assert rows_that_count(rows, has_classes=True)[:, 1].tolist() == [1, 4]
    assert rows_that_count(rows, has_classes=False)[:, 1].tolist() == [1, 3, 4]


def test_the_file_says_whether_it_has_classes(tmp_path):
    (tmp_path / 'gt').mkdir()
    file = tmp_path / 'gt/gt.txt'
    file.write_text('1,1,0,0,9,9,1,1,1\n1,2,20,0,9,9,1,7,1\n')
    assert read_truth(tmp_path)[:, 1].tolist() == [1]
    file.write_text('1,1,0,0,9,9,1,-1,-1,-1\n1,2,20,0,9,9,1,-1,-1,-1\n')
    assert read_truth(tmp_path)[:, 1].tolist() == [1, 2]
