"""KEY=VALUE is read as MMEngine reads it."""

import argparse

import pytest
from mmengine.config import DictAction as HostAction

from vsd_mot_cli.settings import DictAction, read_value


@pytest.mark.parametrize(
    'text',
    [
        '3', '-4', '0.5', '1e-3', 'true', 'False', 'None', 'none', 'a.b', '', '1,2,3', '1,2,', '[]',
        '()', '[1,2.5]', '(1,)', '[(1,2,3),[a,b],c]',
        '"[1, 2]"', "'text'", 'a=b', '[a, None, true]',
        'x.y(z)', 'inf', '1_000', '((1,2),(3,4))', 'data/LQ[1].json',
    ],
)  # fmt: skip
def test_values_are_those_of_mmengine(text: str) -> None:
    ours, theirs = read_value(text), HostAction._parse_iterable(text)
    assert ours == theirs
    assert type(ours) is type(theirs)


@pytest.mark.parametrize('text', ['[1,', 'a,(b', '[(1,2]', '[1,2))'])
def test_brackets_that_do_not_match(text: str) -> None:
    with pytest.raises(ValueError, match='brackets'):
        read_value(text)


def test_the_option_may_be_repeated(capsys: pytest.CaptureFixture) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('--set', nargs='+', action=DictAction, default={})
    parsed = parser.parse_args(['--set', 'a=1', 'b=x', '--set', 'a=2'])
    assert parsed.set == dict(a=2, b='x')
    assert parser.get_default('set') == {}
    with pytest.raises(SystemExit):
        parser.parse_args(['--set', 'a'])
    assert "--set: 'a' is no setting" in capsys.readouterr().err
