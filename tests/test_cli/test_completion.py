"""Scripts for shells, run in the shell where there is one."""

import shutil
import subprocess

import pytest

from vsd_mot_cli import main
from vsd_mot_cli.completion import SHELLS, script


@pytest.mark.parametrize('shell', SHELLS)
def test_the_script_knows_commands_and_options(shell):
    text = script(shell)
    for word in ('track', 'convert', 'crowdhuman', '--max-frames', 'fetch', '--mirror'):
        assert word in text


def test_bash_completes_verbs(tmp_path):
    bash = shutil.which('bash')
    assert bash is not None
    (tmp_path / 'complete.sh').write_text(script('bash'))
    commands = (
        f'source {tmp_path}/complete.sh; '
        'COMP_WORDS=(vsd-mot tra); COMP_CWORD=1; COMP_LINE="vsd-mot tra"; COMP_POINT=11; '
        "$(complete -p vsd-mot | sed -E 's/.*-F ([^ ]+) .*/\\1/') vsd-mot tra vsd-mot; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    printed = subprocess.run([bash, '-c', commands], capture_output=True, text=True, check=True)
    assert set(printed.stdout.split()) == {'track', 'train'}


def test_a_shell_that_is_not_known(capsys):
    with pytest.raises(SystemExit):
        main(['completion', 'cmd.exe'])
    assert 'bash' in capsys.readouterr().err
