"""The reading process: takes calls on its standard input, one at a time, and answers on its output.

Started by ``reader.Reader`` as a program of its own, so that it shares nothing with the process that reads
the answer and can be killed at any time.
"""

import gc
import os
import pickle
import sys
from importlib import import_module

CALLS = {"read_table": "reading", "annotate_copy": "annotate", "replace_cells": "replacing"}
"""What may be called, and the module it is in; loaded when first called."""


def limit_memory(megabytes: int) -> None:
    """Bound the address space, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the time limit alone holds there
        return
    limit = megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def main() -> None:
    """Answer ``(name, args)`` with ``("ok", result)``, ``("memory", None)`` or ``("failed", None)``."""
    limit_memory(int(sys.argv[1]))
    gc.disable()  # a sheet's hundred thousand lists would be looked through again and again; once a call is enough
    # whatever a library prints must not get into the answers
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        while True:
            try:
                name, args = pickle.load(sys.stdin.buffer)
            except EOFError:
                return
            try:
                module = import_module(f"orchestration.intake.{CALLS[name]}")
                answer = ("ok", getattr(module, name)(*args))
            except MemoryError:
                answer = ("memory", None)
            except Exception:  # a reader library's own failure on a damaged file, of whatever class
                answer = ("failed", None)
            pickle.dump(answer, answers)
            answers.flush()
            gc.collect()


if __name__ == "__main__":
    main()
