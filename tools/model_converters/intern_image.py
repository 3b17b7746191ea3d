"""The command `vsd_mot.commands.convert_weights` for intern_image: see its `--help`."""

import sys

from vsd_mot.commands.convert_weights import main

if __name__ == '__main__':
    sys.exit(main(['intern_image', *sys.argv[1:]]))
