"""``python -m vsd_mot_cli VERB ...`` is ``vsd-mot VERB ...``."""

import sys

from .main import main

sys.exit(main())
