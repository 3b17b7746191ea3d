"""Completion for shells, made by shtab from the parsers of all commands."""

from __future__ import annotations

import argparse

from .parsing import GROUP_SUMMARIES, commands, summary, verb_module

SHELLS = ('bash', 'zsh', 'tcsh')


def script(shell: str) -> str:
    """Make the completion script of a shell.

    Args:
        shell: One of `SHELLS`.

    Raises:
        ImportError: shtab is not installed.
    """
    import shtab

    parser = whole_parser()
    for action in all_actions(parser):
        if action.choices is None and action.nargs != 0:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    return shtab.complete(parser, shell)


def whole_parser() -> argparse.ArgumentParser:
    """Make one parser of all commands with their arguments."""
    parser = argparse.ArgumentParser(prog='vsd-mot')
    parser.add_argument('--version', action='store_true', help='print the version')
    verbs = parser.add_subparsers()
    groups = {}
    for group, text in GROUP_SUMMARIES.items():
        groups[group] = verbs.add_parser(group, help=text).add_subparsers()
    for name, module in commands().items():
        group, _, kind = name.rpartition(' ')
        where = groups[group] if group else verbs
        verb_module(module).add_arguments(where.add_parser(kind, help=summary(module)))
    return parser


def all_actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """List the arguments of a parser and of those below it."""
    actions = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                actions += all_actions(below)
        else:
            actions.append(action)
    return actions
