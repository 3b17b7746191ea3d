"""The command `vsd_mot.commands.encode_descriptions` as a script: see its `--help`."""

import sys

from vsd_mot.commands.encode_descriptions import main

if __name__ == '__main__':
    sys.exit(main())
