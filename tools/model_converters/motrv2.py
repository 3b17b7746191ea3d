"""The command `vsd_mot.commands.convert_weights` for motrv2: see its `--help`."""

import sys

from vsd_mot_cli import run

if __name__ == '__main__':
    sys.exit(run('convert_weights', ['motrv2', *sys.argv[1:]]))
