"""The command `vsd_mot.commands.convert_weights` for hqtrack: see its `--help`."""

import sys

from vsd_mot.commands.convert_weights import main

if __name__ == '__main__':
    sys.exit(main(['hqtrack', *sys.argv[1:]]))
