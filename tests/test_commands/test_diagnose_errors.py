"""The command that says where points are lost."""

from vsd_mot.commands.diagnose_errors import main

PERSON = '{},1,10,10,40,80,1,1,1\n'


def write_set(root):
    """Two sequences of two frames; the tracker misses the second frame of B."""
    for name in 'AB':
        (root / name / 'gt').mkdir(parents=True)
        (root / name / 'gt' / 'gt.txt').write_text(PERSON.format(1) + PERSON.format(2))
    (root / 'results').mkdir()
    (root / 'results' / 'A.txt').write_text(PERSON.format(1) + PERSON.format(2))
    (root / 'results' / 'B.txt').write_text(PERSON.format(1))
    return root


def test_errors_of_a_set_and_of_a_sequence(tmp_path, capsys):
    root = write_set(tmp_path)
    assert main([str(root), str(root / 'results')]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith('all')]
    assert line.split() == ['all', '4', '25.0', '0.0', '0.0']
    assert main([str(root / 'B'), str(root / 'results' / 'B.txt')]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith('all')]
    assert line.split()[:3] == ['all', '2', '50.0']


def test_mistakes_are_one_line(tmp_path, capsys):
    root = write_set(tmp_path)
    assert main([str(root / 'results'), str(root / 'results')]) == 1
    assert 'error: no ground truth in' in capsys.readouterr().err
    assert main([str(root), str(root / 'results'), '--quality']) == 1
    assert 'no images in' in capsys.readouterr().err
