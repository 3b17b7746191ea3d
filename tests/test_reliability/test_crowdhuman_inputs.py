"""CrowdHuman's odgt as it may be found: a further form is one row."""

import json

import pytest

from converter_samples import box, crowdhuman
from vsd_mot.commands import convert_crowdhuman

BOXES = {
    'infinite': ('[1, 1, Infinity, 9]', 'not finite'),
    'no number': ('[NaN, 1, 9, 9]', 'not finite'),
    'endless': ('[1, 1, 1' + '0' * 400 + ', 9]', 'absurd size'),
    'huge': ('[-1e30, -1e30, 2e30, 2e30]', 'absurd size'),
    'negative': ('[1, 1, -9, 9]', 'smaller than one pixel'),
}


def convert(root, capsys):
    status = convert_crowdhuman.main([str(root), '--subsets', 'val'])
    output = capsys.readouterr()
    assert 'Traceback' not in output.err
    return status, output.out + output.err


@pytest.mark.parametrize('kind', BOXES)
def test_boxes_that_cannot_be_are_dropped_and_told(tmp_path, kind, capsys):
    text, message = BOXES[kind]
    good = box(1, 1, 20, 30)
    crowdhuman(tmp_path, [dict(ID='a', gtboxes=[good, good])])
    path = tmp_path / 'annotation_val.odgt'
    path.write_text('\ufeff' + path.read_text().replace('[1, 1, 20, 30]', text, 1))
    status, output = convert(tmp_path, capsys)
    assert status == 0
    assert message in output
    content = json.loads((tmp_path / 'annotations' / 'crowdhuman_val.json').read_text())
    assert [row['bbox'] for row in content['annotations']] == [[1, 1, 20, 30]]


def test_entries_that_cannot_be_are_named(tmp_path, capsys):
    crowdhuman(tmp_path, [dict(ID='a', gtboxes=[box(1, 1, 20, 30)])])
    path = tmp_path / 'annotation_val.odgt'
    line = path.read_text()
    for text, message in (
        (line + line, "line 2: 'a' is there already, in line 1"),
        (line.replace('[1, 1, 20, 30]', '[true, 1, 20, 30]'), 'no fbox of four numbers'),
        ('{"ID": "a", "gtboxes": ' + '[' * 100_000, 'line 1 is not an entry'),
    ):
        path.write_text(text)
        status, output = convert(tmp_path, capsys)
        assert status == 1
        assert message in output
    path.write_bytes(b'\xff\xfe\x01')
    status, output = convert(tmp_path, capsys)
    assert status == 1
    assert 'annotation_val.odgt, line 1' in output
