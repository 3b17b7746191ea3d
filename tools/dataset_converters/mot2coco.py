"""The command `vsd_mot.commands.convert_mot` as a script: see its `--help`."""

import sys

from vsd_mot_cli import run

if __name__ == '__main__':
    sys.exit(run('convert_mot'))
