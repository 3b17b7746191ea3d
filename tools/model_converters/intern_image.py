"""The command `vsd_mot.commands.convert_weights` for intern_image: see its `--help`."""

import sys

from vsd_mot_cli import run

if __name__ == '__main__':
    sys.exit(run('convert_weights', ['intern_image', *sys.argv[1:]]))
