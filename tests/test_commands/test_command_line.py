"""What the command lines have in common."""

import pytest

from vsd_mot.commands.command_line import add_cfg_options, command_parser


def test_help_keeps_the_lines_of_a_docstring(capsys):
    parser = command_parser('Do it.\n\n    python tools/do.py\n')
    with pytest.raises(SystemExit):
        parser.parse_args(['--help'])
    assert '\n    python tools/do.py\n' in capsys.readouterr().out


def test_options_of_the_config_are_values():
    parser = command_parser(None)
    add_cfg_options(parser)
    assert parser.parse_args([]).cfg_options is None
    options = parser.parse_args(['--cfg-options', 'model.a=1', 'b=[1,2]', 'c=None']).cfg_options
    assert options == {'model.a': 1, 'b': [1, 2], 'c': None}
