"""Run a command by its name: ``python -m vsd_mot.commands VERB ...``."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from . import __path__ as folder

NO_VERBS = ('__main__', 'user_errors', 'convert_weights')


def verbs() -> list[str]:
    """Names of the commands."""
    return sorted(m.name for m in pkgutil.iter_modules(folder) if m.name not in NO_VERBS)


def main() -> int:
    """Run the command that the first argument names."""
    verb = sys.argv[1] if len(sys.argv) > 1 else None
    if verb not in verbs():
        print(f'usage: python -m vsd_mot.commands {{{",".join(verbs())}}} ...', file=sys.stderr)
        return 2
    command = importlib.import_module(f'.{verb}', __package__)
    sys.argv = [f'{sys.argv[0]} {verb}', *sys.argv[2:]]
    return command.main()


if __name__ == '__main__':
    sys.exit(main())
