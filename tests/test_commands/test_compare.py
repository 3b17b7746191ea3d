"""Results of several trackers in one table."""

import json

import pytest

from vsd_mot.commands.compare import main

TRUTH = ''.join(f'{frame},1,{10 + frame},20,30,60,1,1,1\n' for frame in range(1, 11))
HALF = ''.join(f'{frame},1,{10 + frame},20,30,60,1,-1,-1,-1\n' for frame in range(1, 6))


@pytest.fixture
def sequence(tmp_path):
    folder = tmp_path / 'walk'
    (folder / 'gt').mkdir(parents=True)
    (folder / 'gt' / 'gt.txt').write_text(TRUTH)
    (folder / 'seqinfo.ini').write_text('[Sequence]\nseqLength=10\n')
    (tmp_path / 'perfect.txt').write_text(TRUTH)
    (tmp_path / 'half.txt').write_text(HALF)
    return folder


def test_rows_and_differences(sequence, capsys):
    results = [f'ours={sequence.parent / "perfect.txt"}', str(sequence.parent / 'half.txt')]
    out = sequence.parent / 'compared.json'
    assert main([str(sequence), *results, '--out', str(out)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ['tracker', 'HOTA', 'DetA', 'AssA', 'MOTA', 'IDF1']
    assert rows[1] == ['ours', *['100.0'] * 5]
    assert rows[2][:1] == ['half']
    assert rows[2][7:9] == ['50.0', '(-50.0)']  # MOTA
    written = json.loads(out.read_text())
    assert set(written) == {'ours', 'half'}
    assert written['half']['all']['MOTA'] == pytest.approx(0.5)


def test_two_rows_of_one_name(sequence, capsys):
    with pytest.raises(SystemExit):
        main([str(sequence), 'a/out.txt', 'b/out.txt'])
    assert 'several results are called out: write NAME=RESULTS' in capsys.readouterr().err
