"""MOTChallenge text as it is found: what is read, what is refused. A further form is one row."""

from pathlib import Path

import pytest

from vsd_mot.errors import MotTextError
from vsd_mot.evaluation import EvaluationError, evaluate_mot_files
from vsd_mot.mot_text import read_mot_rows

ROW = '1,1,10,10,40,80,1,1,1\n2,1,12,10,40,80,1,1,1\n'
SAME = [(1, 1, 10), (2, 1, 12)]
HASHES = '1,1732500000000000001,10,10,40,80,1\n1,1732500000000000002,90,10,40,80,1\n'

READ = {
    'plain': (ROW, SAME),
    'byte order mark': ('\ufeff' + ROW, SAME),
    'UTF-16': (ROW.encode('utf-16'), SAME),
    'Windows': (ROW.replace('\n', '\r\n'), SAME),
    'old Mac': (ROW.replace('\n', '\r'), SAME),
    'blanks': (ROW.replace(',', ' '), SAME),
    'tabs': (ROW.replace(',', '\t'), SAME),
    'blanks behind commas': (ROW.replace(',', ', '), SAME),
    'blank lines': ('\n\n' + ROW.replace('\n', '\n \n'), SAME),
    'no end of line': (ROW.rstrip(), SAME),
    'trailing commas': (ROW.replace('\n', ',\n'), SAME),
    'floats': ('1.0,1.0,10.0,1e1,40,80,1\n2.000000,1,1.2e1,10,40,80,1\n', SAME),
    'six columns': ('1,1,10,10,40,80\n2,1,12,10,40,80\n', SAME),
    'negative ids': ('1,-5,10,10,40,80,1\n1,0,10,10,40,80,1\n', [(1, -5, 10), (1, 0, 10)]),
    'ids of 64 bits': (HASHES, [(1, 1732500000000000001, 10), (1, 1732500000000000002, 90)]),
    'unsigned ids': ('1,18446744073709551615,1,1,9,9,1\n', [(1, 2**64 - 1, 1)]),
    'nanoseconds': ('1403636579763555584,1,1,1,9,9,1\n', [(1403636579763555584, 1, 1)]),
    'nothing': ('', []),
}

REFUSED = {
    'binary': (b'\x93OfB\x8d', 'cannot be read as text'),
    'zero bytes': ('1,1,1,1,9,9\0', 'zero bytes'),
    'prose': ('hello world\n', 'line 1: 2 fields'),
    'header': ('frame,id,x,y,w,h\n', 'line 1: not numbers'),
    'semicolons': ('1;1;1;1;9;9\n', 'line 1: 1 fields'),
    'empty field': ('1,,1,1,9,9\n', 'line 1: not numbers'),
    'underscore': ('1,1_0,1,1,9,9\n', 'line 1: not numbers'),
    'superscript': ('²,1,1,1,9,9\n', 'line 1: not numbers'),
    'hexadecimal': ('0x1,1,1,1,9,9\n', 'line 1: not numbers'),
    'frame 0': ('0,1,1,1,9,9\n', 'line 1: frame 0 .*frames from 1'),
    'frame below 0': ('-1,1,1,1,9,9\n', 'line 1: frame -1'),
    'half a frame': ('1.5,1,1,1,9,9\n', 'line 1: frame 1.5 must be whole'),
    'no frame': ('nan,1,1,1,9,9\n', 'line 1: frame nan must be whole'),
    'absurd frame': ('99999999999999999999,1,1,1,9,9\n', 'line 1: frame 9+ .*at most'),
    'absurd float': ('1e30,1,1,1,9,9\n', r'line 1: frame 1e30 must be whole'),
    'half an id': ('1,2.7,1,1,9,9\n', 'line 1: id 2.7 must be whole'),
    'rounded id': ('1,1.7325e18,1,1,9,9\n', 'line 1: id 1.7325e18 must be whole'),
    'absurd id': ('1,1' + '0' * 30 + ',1,1,9,9\n', 'line 1: id 10+ .*at most'),
    'endless id': ('1,' + '9' * 5000 + ',1,1,9,9\n', 'line 1: id'),
    'not a number': ('1,1,nan,1,9,9\n', 'line 1: a box that is not finite'),
    'infinite': ('1,1,1,-inf,9,9\n', 'line 1: a box that is not finite'),
    'beyond float32': ('1,1,1,1,9,1e39\n', 'line 1: a box .* reaches beyond'),
    'huge': ('1,1,-1e30,-1e30,2e30,2e30\n', 'line 1: a box .* reaches beyond'),
    'negative width': ('1,1,1,1,-9,9\n', 'line 1: a box of negative size'),
}


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize('kind', READ)
def test_what_is_read(tmp_path, kind):
    content, wanted = READ[kind]
    rows = read_mot_rows(write(tmp_path / 'a.txt', content))
    lefts = [int(box[0]) for box in rows.boxes.tolist()]
    assert list(zip(rows.frames.tolist(), rows.ids, lefts, strict=True)) == wanted
    rows.require_unique()


@pytest.mark.parametrize('kind', REFUSED)
def test_what_is_refused_names_file_and_line(tmp_path, kind):
    content, message = REFUSED[kind]
    with pytest.raises(MotTextError, match=rf'a\.txt.*{message}'):
        read_mot_rows(write(tmp_path / 'a.txt', content))


def test_what_is_no_file(tmp_path):
    for path in (tmp_path, tmp_path / 'nowhere', Path('/dev/zero')):
        with pytest.raises(MotTextError, match='cannot be read as text'):
            read_mot_rows(path)


def score(tmp_path, truth, result, name='S1'):
    write(tmp_path / 'gt' / name / 'gt' / 'gt.txt', truth)
    write(tmp_path / 'res' / f'{name}.txt', result)
    return evaluate_mot_files(tmp_path / 'gt', tmp_path / 'res')


@pytest.mark.parametrize(
    'rows',
    [
        '1,3000000001,10,10,40,80,1,1,1\n2,3000000001,12,10,40,80,1,1,1\n',
        HASHES,
        '1,-5,10,10,40,80,1\n1,0,10,10,40,80,1\n',
        '1700000000000,1,10,10,40,80,1\n1700000000033,1,10,10,40,80,1\n',
        '1403636579763555584,1,10,10,40,80,1\n1403636580263555584,1,10,10,40,80,1\n',
        '\ufeff' + ROW,
        ROW.replace('\n', '\r\n'),
        '1,1,10,10,40,80,1,4.5,5.5,0\n',
    ],
)
def test_a_result_like_the_truth_is_perfect(tmp_path, rows):
    scores = score(tmp_path, rows, rows)
    assert scores.combined['HOTA'] == pytest.approx(1)
    assert scores.combined['IDF1'] == pytest.approx(1)
    assert scores.combined['IDSW'] == 0


def test_length_in_seqinfo_is_no_size(tmp_path):
    write(tmp_path / 'gt' / 'S1' / 'seqinfo.ini', '[Sequence]\nseqLength=1000000000000\n')
    assert score(tmp_path, ROW, ROW).combined['HOTA'] == pytest.approx(1)


def test_sequence_without_people_counts_with_its_false_positives(tmp_path):
    score(tmp_path, ROW, ROW)
    scores = score(tmp_path, '', '1,1,10,10,40,80,1\n', name='S2')
    assert scores.sequences['S1']['MOTA'] == pytest.approx(1)
    assert scores.sequences['S2']['FP'] == 1
    assert scores.combined['MOTA'] == pytest.approx(0.5)


def test_no_people_at_all_cannot_be_scored(tmp_path):
    with pytest.raises(EvaluationError, match=r'gt\.txt: empty'):
        score(tmp_path, '', ROW)


@pytest.mark.parametrize(
    'rows',
    [
        '1,1,10,10,40,80,1,1,0,0\n1,2,90,10,40,80,1,4,0,1\n1,0,0,0,9,9,0,0,0,0\n',  # VisDrone
        '1,1,10,10,40,80,1,1,0,0\n1,2,90,10,40,80,1,4,0,1\n',
        '1,1,10,10,40,80,1,0,1\n1,2,90,10,40,80,1,2,1\n',  # classes from 0
        '1,1,10,10,40,80,1,1,1\n1,2,90,10,40,80,1,80,1\n',  # COCO
    ],
)
def test_other_classes_are_not_taken_for_none(tmp_path, rows):
    with pytest.raises(MotTextError, match=r'gt\.txt: column 8 holds .*not the classes 1 to 13'):
        score(tmp_path, rows, '1,1,10,10,40,80,1\n')


CVAT = '1,1,10,10,40,80,1,2,1.0\n1,2,90,10,40,80,1,1,1.0\n'  # a person and a car


def test_labels_beside_the_truth_say_what_the_classes_are(tmp_path):
    write(tmp_path / 'gt' / 'S1' / 'gt' / 'labels.txt', 'car\nperson\n')
    scores = score(tmp_path, CVAT, '1,1,10,10,40,80,1\n')
    assert scores.combined['HOTA'] == pytest.approx(1)
    write(tmp_path / 'gt' / 'S1' / 'gt' / 'labels.txt', 'car\nboat\n')
    with pytest.raises(MotTextError, match=r'labels\.txt names car, boat, and none of them is'):
        score(tmp_path, CVAT, '1,1,10,10,40,80,1\n')


def test_mot20_forgives_what_it_forgives(tmp_path):
    rows = '1,1,10,10,40,80,1,1,1\n1,2,200,10,40,80,0,6,1\n'
    result = '1,1,10,10,40,80,1\n1,2,200,10,40,80,1\n'
    assert score(tmp_path / 'a', rows, result, 'MOT20-01').combined['MOTA'] == pytest.approx(1)
    assert score(tmp_path / 'b', rows, result, 'MOT17-01').combined['MOTA'] == pytest.approx(0)


def test_a_fraction_among_classes_is_named(tmp_path):
    path = tmp_path / 'gt.txt'
    path.write_text('1,1,1,1,9,9,1,1,1\n2,1,1,1,9,9,1,1,1\n3,1,1,1,9,9,1,1.5,1\n')
    with pytest.raises(MotTextError, match=r'gt\.txt, line 3: 1\.5 in column 8 is no class'):
        read_mot_rows(path).has_classes()
    path.write_text('1,1,1,1,9,9,1,1,0.3\n2,1,1,1,9,9,1,1.5,7\n3,1,1,1,9,9,1,-1.5,2\n')
    assert not read_mot_rows(path).has_classes()  # positions, as MOT15 has them
