"""The arguments of all commands: quick, whole, and spelled in one way."""

import argparse
import ast
import sys
from pathlib import Path

import pytest

import vsd_mot_cli
from vsd_mot.commands import convert_weights
from vsd_mot.datasets.synthetic import SyntheticSettings
from vsd_mot.degradation.corruptions import CORRUPTIONS, SEVERITIES
from vsd_mot.degradation.recipes import RECIPES
from vsd_mot.evaluation.benchmark import settings as benchmark_settings
from vsd_mot.evaluation.robustness.results import TABLE_METRICS
from vsd_mot.export.runtimes import BACKENDS
from vsd_mot_cli import names, parser_of
from vsd_mot_cli.parsing import commands, make_parser, verb_module

PACKAGE = Path(vsd_mot_cli.__file__).parent
# What had other names before, and what OpenMMLab's users expect.
FORMER = {'--out-dir', '--work-dir', '--json', '--jobs', '--cores', '--cfg-options', '--output'}


def test_nothing_that_takes_long_is_imported() -> None:
    allowed = set(sys.stdlib_module_names)
    wrong = []
    for path in PACKAGE.rglob('*.py'):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom) and not node.level:
                wrong += [node.module] if node.module.split('.')[0] not in allowed else []
            elif isinstance(node, ast.Import):
                wrong += [one.name for one in node.names if one.name.split('.')[0] not in allowed]
    assert not wrong


@pytest.mark.parametrize('name', commands().values())
def test_every_command_has_help_with_an_example(name: str) -> None:
    documentation = verb_module(name).__doc__
    first = documentation.splitlines()[0]
    assert first.endswith('.')
    assert len(first) <= 80
    words = next(words for words, module in commands().items() if module == name)
    assert f'vsd-mot {words}' in documentation
    assert make_parser(name).format_help().startswith('usage: ')


@pytest.mark.parametrize('name', commands().values())
def test_one_spelling_for_one_thing(name: str) -> None:
    for action in make_parser(name)._actions:
        if FORMER & set(action.option_strings):
            first = action.option_strings[0]
            assert first in ('--out', '--work-dir', '--workers', '--cfg-option'), first
            assert first != '--work-dir' or name == 'test'  # where --out is the file of metrics
        if '--device' in action.option_strings:
            assert action.help


def test_former_spellings_stay_valid() -> None:
    options = parser_of('track')(['v.mp4', '--cfg-options', 'a=1', '--cfg-option', 'b=2'])
    assert options.cfg_options == dict(a=1, b=2)
    assert parser_of('train')(['c.py', '--work-dir', 'w']).work_dir == 'w'
    assert parser_of('train')(['c.py', '--out', 'w']).work_dir == 'w'
    assert parser_of('browse')(['data', '--out-dir', 'look']).out == Path('look')
    assert parser_of('convert_mot')(['data', '-o', 'there']).output == 'there'
    assert parser_of('benchmark_degradation')(['--cores', '3']).workers == 3


def test_names_are_those_of_the_parts() -> None:
    assert tuple(CORRUPTIONS) == names.CORRUPTIONS
    assert tuple(SEVERITIES) == names.SEVERITIES
    assert set(names.RECIPES) == set(RECIPES)
    assert names.TABLE_METRICS == TABLE_METRICS
    assert tuple(convert_weights.LAYOUTS) == names.LAYOUTS
    assert tuple(BACKENDS) == names.BACKENDS
    assert names.CHECKPOINTING == benchmark_settings.CHECKPOINTING


def test_defaults_of_the_synthetic_set_are_those_of_its_settings() -> None:
    options = parser_of('synthesize')(['set'])
    tiny = SyntheticSettings()
    shared = {name: value for name, value in vars(options).items() if hasattr(tiny, name)}
    assert shared == {name: getattr(tiny, name) for name in shared}
    assert len(shared) >= 7
    assert tuple(options.people) == (tiny.min_people, tiny.max_people)


def test_the_name_in_the_help_is_the_one_that_was_typed(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        parser_of('config')([], 'vsd-mot config')
    assert 'usage: vsd-mot config ' in capsys.readouterr().err
    assert isinstance(parser_of('config')(['a.py']), argparse.Namespace)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (['--graphs', 'g'], '--graphs needs --backend'),
        (['c.py', '--first-masks', 'm.png', '--backend', 'openvino'], 'runs in PyTorch alone'),
        (['--backend', 'tensorrt'], 'invalid choice'),
    ],
)
def test_backends_of_tracking(
    options: list[str], message: str, capsys: pytest.CaptureFixture
) -> None:
    with pytest.raises(SystemExit):
        parser_of('track')(['v.mp4', *options])
    assert message in capsys.readouterr().err
