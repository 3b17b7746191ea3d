"""The command `vsd_mot.commands.convert_weights` for deformable_detr: see its `--help`."""

import sys

from vsd_mot_cli import run

if __name__ == '__main__':
    sys.exit(run('convert_weights', ['deformable_detr', *sys.argv[1:]]))
