"""The command that scores masks."""

from tiny_masks import write_mots_set
from vsd_mot.commands.score_masks import main


def test_the_command_scores_results_and_a_baseline(tmp_path, capsys):
    root = write_mots_set(tmp_path, split='val')
    common = [str(root), '--min-pixels', '1']
    # the set's own label maps, as results
    (tmp_path / 'results').mkdir()
    (tmp_path / 'results/SEQ').symlink_to(root / 'val/SEQ/labels')
    assert main([*common, '--results', str(tmp_path / 'results')]) == 0
    assert 'J&F 100.0' in capsys.readouterr().out
    assert main([*common, '--baseline']) == 0
    assert 'J-Mean' in capsys.readouterr().out
    assert main([*common, '--results', str(tmp_path / 'nothing')]) == 1
    assert 'no such label map' in capsys.readouterr().err
