"""The command `vsd_mot.commands.convert_weights` for lg_mot: see its `--help`."""

import sys

from vsd_mot_cli import run

if __name__ == '__main__':
    sys.exit(run('convert_weights', ['lg_mot', *sys.argv[1:]]))
