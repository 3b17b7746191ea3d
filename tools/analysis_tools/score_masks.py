"""The command `vsd_mot.commands.score_masks` as a script: see its `--help`."""

import sys

from vsd_mot.commands.score_masks import main

if __name__ == '__main__':
    sys.exit(main())
