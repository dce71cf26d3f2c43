"""`child.py PARENT MODULE ...` is `python -m MODULE ...` that ends when the process PARENT does, however that ended.

A runner that was killed cannot stop its children; left alone they would hold the port and go on sending mail.
"""

import ctypes
import os
import runpy
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Tie this process to its parent, then become the module."""
    parent, module = int(sys.argv[1]), sys.argv[2]
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the parent ended first")
    sys.argv[:3] = [module]
    sys.path[0] = str(Path.cwd())  # as `python -m` has it
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
