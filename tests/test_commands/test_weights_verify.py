"""Files of weights, looked at one after the other."""

import torch

from command_runs import REPOSITORY, assert_line
from vsd_mot_cli import main


def test_every_file_is_looked_at(tmp_path, capsys):
    torch.save(dict(a=torch.tensor([torch.nan])), tmp_path / 'nan.pth')
    (tmp_path / 'text.pth').write_text('hello')
    good = REPOSITORY / 'demo/motrv2_tiny_synthetic.pth'
    files = [tmp_path / 'nan.pth', tmp_path / 'none.pth', tmp_path / 'text.pth', good]
    assert main(['weights', 'verify', *map(str, files)]) == 1
    printed = capsys.readouterr()
    assert f'{good}\n  sha256   ' in printed.out
    assert 'model    MOTRv2\n' in printed.out
    lines = printed.err.splitlines()
    assert len(lines) == 3
    for line, message in zip(
        lines, ('weight a is not finite', 'no such file', 'is no checkpoint|cannot'), strict=True
    ):
        assert_line(line, 'weights verify', message)
    assert main(['weights', 'verify', str(good)]) == 0
