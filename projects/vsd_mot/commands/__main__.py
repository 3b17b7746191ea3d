"""``python -m vsd_mot.commands VERB ...`` is ``vsd-mot VERB ...``."""

import sys

from vsd_mot_cli import main

if __name__ == '__main__':
    sys.exit(main())
