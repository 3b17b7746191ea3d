"""The command that compares norms of maps."""

from vsd_mot.commands import compare_map_norms


def test_a_line_for_each_norm_and_seed(monkeypatch, capsys):
    monkeypatch.setattr(compare_map_norms, 'TEST_CLIPS', 1)
    compare_map_norms.main(['--steps', '1', '--seeds', '1', '--width', '16', '--queries', '2', '3'])
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ['norm', 'seed', 'val', 'train', 'gap', 'count']
    assert [line.split()[0] for line in lines] == ['group', 'published', 'frozen']
    assert all(float(value) >= 0 for line in lines for value in line.split()[2:])
