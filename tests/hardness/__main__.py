"""``python -m tests.hardness`` from the project's root; ``--help`` tells the options."""

import sys
from pathlib import Path

if __name__ == "__main__":  # child processes import this module under another name
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the name the tests know these modules by
    from hardness.campaign import main

    sys.exit(main())
