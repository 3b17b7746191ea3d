"""The command `vsd_mot.commands.compare_map_norms` as a script: see its `--help`."""

import sys

from vsd_mot.commands.compare_map_norms import main

if __name__ == '__main__':
    sys.exit(main())
