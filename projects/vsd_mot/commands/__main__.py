"""Run a command by its name: ``python -m vsd_mot.commands VERB ...``."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence

from . import __path__ as folder

NOT_COMMANDS = ('__main__', 'command_line', 'user_errors')


def verbs() -> list[str]:
    """Names of the commands."""
    return sorted(m.name for m in pkgutil.iter_modules(folder) if m.name not in NOT_COMMANDS)


def main(args: Sequence[str] | None = None) -> int:
    """Run the command that the first argument names, with the others."""
    arguments = list(sys.argv[1:] if args is None else args)
    if not arguments or arguments[0] not in verbs():
        print(f'usage: python -m vsd_mot.commands {{{",".join(verbs())}}} ...', file=sys.stderr)
        return 2
    command = importlib.import_module(f'.{arguments[0]}', __package__)
    # The name that the command shows in its help.
    sys.argv[0] = f'{sys.argv[0]} {arguments[0]}'
    return command.main(arguments[1:])


if __name__ == '__main__':
    sys.exit(main())
