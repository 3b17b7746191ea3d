"""Reading MOTChallenge text."""

import pytest

from vsd_mot.evaluation import MotTextError, read_mot_text


@pytest.mark.parametrize(
    ('line', 'message'),
    [
        ('1,2,3,4,5', '5 fields'),
        ('1,2,3,4,five,6,1', 'not numbers'),
        ('1,2,3,4,nan,6,1', 'not finite'),
        ('1,,3,4,5,6,1', 'not numbers'),
        ('0,2,3,4,5,6,1', 'frames from 1'),
        ('1.5,2,3,4,5,6,1', 'whole numbers'),
        ('1,2,3,4,-5,6,1', 'negative size'),
        ('1,7,1,1,2,2,1', r'track 7 is in frame 1 a second time \(first in line 1\)'),
    ],
)
def test_line_with_a_mistake(tmp_path, line, message):
    path = tmp_path / 'a.txt'
    path.write_text(f'1,7,1,1,2,2,1,-1,-1,-1\n\n{line}\n')
    with pytest.raises(MotTextError, match=rf'a\.txt, line 3: .*({message})'):
        read_mot_text(path)


def test_read_forms(tmp_path):
    path = tmp_path / 'a.txt'
    path.write_text('2 7 1.5 1 2 2\n1,8,1,1,2,2,0.5,3,0.25\n')
    rows = read_mot_text(path)
    assert rows.tolist() == [[2, 7, 1.5, 1, 2, 2, 1, -1, -1], [1, 8, 1, 1, 2, 2, 0.5, 3, 0.25]]
    path.write_text('1,-1,1,1,2,2,0.5\n1,-1,5,1,2,2,0.5\n')
    assert len(read_mot_text(path, identities=False)) == 2
    path.write_bytes(b'\xff\xfe\x00')
    with pytest.raises(MotTextError, match='cannot be read as text'):
        read_mot_text(path)
