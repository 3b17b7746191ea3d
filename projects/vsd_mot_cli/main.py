"""``vsd-mot VERB ...``: find the command and run it."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from .parsing import GROUP_SUMMARIES, GROUPS, commands, summary
from .running import run

PROGRAM = 'vsd-mot'
EXAMPLE = """example:
  vsd-mot track street.mp4           track people with the weights that are shipped
  vsd-mot VERB --help                what a command takes, with an example
"""


def main(args: Sequence[str] | None = None) -> int:
    """Run the command that the first words name.

    Args:
        args: All of them; None takes those of the process.

    Returns:
        The exit status: that of the command, 2 where there is no such command.
    """
    arguments = list(sys.argv[1:] if args is None else args)
    command = find_command(arguments)
    if command is not None:
        words, name = command
        return run(name, arguments[words:], f'{PROGRAM} {" ".join(arguments[:words])}')
    parser = group_parser(arguments[0]) if arguments[:1] and arguments[0] in GROUPS else top()
    rest = arguments[1:] if arguments[:1] and arguments[0] in GROUPS else arguments
    if rest and not rest[0].startswith('-'):
        parser.error(no_such(rest[0], arguments[0] if rest is not arguments else None))
    parser.parse_args(rest)
    parser.print_help(sys.stderr)
    return 2


def find_command(arguments: Sequence[str]) -> tuple[int, str] | None:
    """Find the command at the beginning of a command line.

    Returns:
        How many words name it, and the name of its module; None where there is none.
    """
    known = commands()
    for words in (2, 1):
        if len(arguments) >= words:
            wanted = ' '.join(arguments[:words]).replace('_', '-')
            if wanted in known:
                return words, known[wanted]
    modules = {module.replace('_', '-'): module for module in known.values()}
    # What stands in a group also goes by the name of its module: convert-mot.
    wanted = arguments[0].replace('_', '-') if arguments else ''
    return (1, modules[wanted]) if wanted in modules else None


def no_such(word: str, group: str | None) -> str:
    """Say that a word names no command, and which ones are similar."""
    known = list(GROUPS[group]) if group else sorted({name.split()[0] for name in commands()})
    similar = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    hint = f'did you mean {" or ".join(similar)}?' if similar else 'there are ' + ', '.join(known)
    return f'there is no command {word!r}; {hint}'


def top() -> argparse.ArgumentParser:
    """Make the parser of ``vsd-mot`` itself: its help lists the commands."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        usage=f'{PROGRAM} [--help] [--version] VERB ...',
        description='Multi-object tracking in low-quality video.\n\ncommands:\n' + listing(),
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('--version', action='version', version=f'{PROGRAM} {installed_version()}')
    return parser


def group_parser(group: str) -> argparse.ArgumentParser:
    """Make the parser of a group of commands."""
    kinds = GROUPS[group]
    lines = [f'  {kind:12} {summary(module)}' for kind, module in kinds.items()]
    return argparse.ArgumentParser(
        prog=f'{PROGRAM} {group}',
        usage=f'{PROGRAM} {group} {{{",".join(kinds)}}} ...',
        description='\n'.join([GROUP_SUMMARIES[group], '', *lines]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def listing() -> str:
    """List the commands, a line each."""
    lines = {name: summary(module) for name, module in commands().items() if ' ' not in name}
    lines.update(GROUP_SUMMARIES)
    width = max(map(len, lines))
    return '\n'.join(f'  {name:{width}}  {text}' for name, text in sorted(lines.items()))


def installed_version() -> str:
    """Return the version of the package that is installed."""
    try:
        return version('vsd_mot')
    except PackageNotFoundError:  # run from a folder
        return 'not installed'
