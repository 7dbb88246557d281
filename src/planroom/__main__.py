"""``python -m planroom`` is ``planroom``."""

import sys

from planroom.cli import main

if __name__ == "__main__":
    sys.exit(main())
