"""The command `vsd_mot.commands.convert_weights` for vse_mot: see its `--help`."""

import sys

from vsd_mot.commands.convert_weights import main

if __name__ == '__main__':
    sys.exit(main(['vse_mot', *sys.argv[1:]]))
