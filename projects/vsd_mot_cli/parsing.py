"""From the module of a command to its parser.

A module of `vsd_mot_cli.verbs` has the command's help as its docstring, with an example, and
``add_arguments(parser)``; where options depend on each other, also ``check(parser, options)``,
which may change them.
"""

from __future__ import annotations

import argparse
import pkgutil
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Protocol

from . import verbs

# Commands that go by two words: the folder of modules has no folders.
GROUPS = {
    'convert': {
        'tracks': 'convert_tracks',
        'mot': 'convert_mot',
        'crowdhuman': 'convert_crowdhuman',
        'proposals': 'convert_proposals',
        'weights': 'convert_weights',
    },
    'weights': {
        'list': 'weights_list',
        'fetch': 'weights_fetch',
        'verify': 'weights_verify',
        'pack': 'weights_pack',
        'convert': 'convert_weights',
    },
}
GROUP_SUMMARIES = {
    'convert': 'Convert tracks, data sets, proposals and published checkpoints.',
    'weights': 'Published weights: list, fetch, verify, pack with a model card, convert.',
}


class Parse(Protocol):
    """Reads a command line."""

    def __call__(
        self, args: Sequence[str] | None = None, prog: str | None = None
    ) -> argparse.Namespace:
        """Read ``args``, None for those of the process; ``prog`` is the name in the help."""


def commands() -> dict[str, str]:
    """List every command by its words, with the name of its module."""
    grouped = {
        f'{group} {kind}': module
        for group, kinds in GROUPS.items()
        for kind, module in kinds.items()
    }
    names = {module.name for module in pkgutil.iter_modules(verbs.__path__)}
    single = {name.replace('_', '-'): name for name in names - set(grouped.values())}
    return dict(sorted({**single, **grouped}.items()))


def verb_module(name: str) -> ModuleType:
    """Import the module of a command."""
    return import_module(f'{verbs.__name__}.{name}')


def summary(name: str) -> str:
    """Return the first line of a command's help."""
    return (verb_module(name).__doc__ or '').partition('\n')[0]


def make_parser(name: str, prog: str | None = None) -> argparse.ArgumentParser:
    """Make the parser of a command.

    Args:
        name: Of its module.
        prog: What its help calls it; None takes the name of the process.
    """
    module = verb_module(name)
    parser = argparse.ArgumentParser(
        prog=prog,
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    return parser


def parser_of(name: str) -> Parse:
    """Make the function that reads a command's arguments.

    Args:
        name: Of the command's module.
    """

    def parse_args(
        args: Sequence[str] | None = None, prog: str | None = None
    ) -> argparse.Namespace:
        parser = make_parser(name, prog)
        options = parser.parse_args(args)
        check = getattr(verb_module(name), 'check', None)
        if check is not None:
            check(parser, options)
        return options

    return parse_args
