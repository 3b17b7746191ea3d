"""The command that compares HQTrack's frame with its published form, on a tiny network."""

from mmengine.config import Config

from tiny_masks import VMOS
from vsd_mot.commands import benchmark_masks


def test_both_forms_are_timed_and_agree(tmp_path, monkeypatch, capsys):
    Config(dict(model=dict(vmos=VMOS))).dump(tmp_path / 'tiny.py')
    # A process of its own for each form is the way to its peak; here it would import everything.
    peaks = []
    monkeypatch.setattr(
        benchmark_masks, 'peak_of', lambda form, options: peaks.append(form) or (100.0, 40.0)
    )
    benchmark_masks.main(
        ['--config', str(tmp_path / 'tiny.py'), '--size', '33', '49', '--runs', '1']
    )
    printed = capsys.readouterr().out
    assert peaks == ['ours', 'published']
    assert '33 x 49, two objects, one long-term frame' in printed
    difference = float(printed.split('largest difference of logits: ')[1].split()[0])
    assert difference < 1e-3
    assert 'ratio      1.00' in printed


def test_the_peak_of_a_form_is_printed_alone(tmp_path, capsys):
    Config(dict(model=dict(vmos=VMOS))).dump(tmp_path / 'tiny.py')
    options = ['--config', str(tmp_path / 'tiny.py'), '--size', '33', '49']
    benchmark_masks.main([*options, '--memory-of', 'published'])
    whole, grown = map(float, capsys.readouterr().out.split())
    assert whole > 50
    assert 0 <= grown < whole
