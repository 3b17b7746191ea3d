"""The command `vsd_mot.commands.convert_weights` for deformable_detr: see its `--help`."""

import sys

from vsd_mot.commands.convert_weights import main

if __name__ == '__main__':
    sys.exit(main(['deformable_detr', *sys.argv[1:]]))
