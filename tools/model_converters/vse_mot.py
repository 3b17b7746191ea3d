"""The command `vsd_mot.commands.convert_weights` for vse_mot: see its `--help`."""

import sys

from vsd_mot_cli import run

if __name__ == '__main__':
    sys.exit(run('convert_weights', ['vse_mot', *sys.argv[1:]]))
