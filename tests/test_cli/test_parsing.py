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
from vsd_mot.export.cache import CUDA_GRAPHS
from vsd_mot.export.runtimes import BACKENDS
from vsd_mot.video.sources import FPS_RANGE
from vsd_mot_cli import names, parser_of
from vsd_mot_cli.numbers import FRAME_RATE, Range, size
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
    assert (*BACKENDS, CUDA_GRAPHS) == names.BACKENDS
    assert names.CHECKPOINTING == benchmark_settings.CHECKPOINTING
    assert (FRAME_RATE.low, FRAME_RATE.high) == FPS_RANGE


def test_defaults_of_the_synthetic_set_are_those_of_its_settings() -> None:
    options = parser_of('synthesize')(['set'])
    tiny = SyntheticSettings()
    shared = {name: value for name, value in vars(options).items() if hasattr(tiny, name)}
    assert shared == {name: getattr(tiny, name) for name in shared}
    assert len(shared) >= 5
    assert options.size == (tiny.width, tiny.height)
    assert tuple(options.people) == (tiny.min_people, tiny.max_people)


def test_the_name_in_the_help_is_the_one_that_was_typed(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        parser_of('config')([], 'vsd-mot config')
    assert 'usage: vsd-mot config ' in capsys.readouterr().err
    assert isinstance(parser_of('config')(['a.py']), argparse.Namespace)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (['--graphs', 'g'], '--graphs needs a backend'),
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


@pytest.mark.parametrize('command', ['track', 'test'])
def test_a_backend_chooses_its_device(command: str) -> None:
    def device(*options: str) -> str | None:
        return parser_of(command)(['a.py', *options]).device

    assert device() is None
    assert device('--backend', 'openvino') == 'cpu'
    assert device('--backend', 'cuda-graphs') == 'cuda'
    assert device('--backend', 'cuda-graphs', '--device', 'cuda:1') == 'cuda:1'


def numeric_options() -> list[tuple[str, argparse.Action]]:
    """The module of a command and an option, of all options that are numbers."""
    return [
        (name, action)
        for name in commands().values()
        for action in make_parser(name)._actions
        if isinstance(action.type, Range)
    ]


def test_every_number_has_a_range_and_defaults_within_it() -> None:
    for name in commands().values():
        for action in make_parser(name)._actions:
            assert action.type not in (int, float) or action.choices, (name, action.option_strings)
    options = numeric_options()
    assert len(options) >= 60
    for name, action in options:
        values = action.default if isinstance(action.default, (list, tuple)) else [action.default]
        for value in values:
            assert value is None or action.type(str(value)) == value, (name, action.option_strings)


@pytest.mark.parametrize('text', ['nan', 'inf', '1e400', '-0.5', '-1', '', 'many', '0x10', '٣x'])
def test_numbers_that_cannot_be_are_refused_by_name(
    text: str, capsys: pytest.CaptureFixture
) -> None:
    for name, action in numeric_options():
        count = action.nargs if isinstance(action.nargs, int) else 1
        # Whatever else the command wants is asked for after all numbers are read.
        with pytest.raises(SystemExit) as ended:
            make_parser(name).parse_args([action.option_strings[0], *[text] * count])
        assert ended.value.code == 2
        message = capsys.readouterr().err.splitlines()[-1]
        assert f'argument {"/".join(action.option_strings)}: ' in message
        assert f'{text!r} is not a' in message


def test_ranges_include_their_ends() -> None:
    assert Range(int, 1, 3)('3') == 3
    assert Range(float, 0)('0') == 0
    for range_, text in ((Range(int, 1, 3), '4'), (Range(float, 0, above=True), '0')):
        with pytest.raises(argparse.ArgumentTypeError, match='is not a'):
            range_(text)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('384', 'does not look like 384x224'),
        ('384x', "'' is not a whole number"),
        ('0x10', "'0' is not a whole number from 1"),
        ('-4x4', "'-4' is not"),
        ('1e3x224', "'1e3' is not"),
        ('99999x64', "'99999' is not a whole number from 1 to 65535"),
    ],
)
def test_sizes_that_are_none(text: str, message: str) -> None:
    assert size('384X224') == (384, 224)
    with pytest.raises(argparse.ArgumentTypeError, match=message):
        size(text)
