"""When Python looks for garbage: not while modules are loaded, and not once more at the very end.

Loading makes a hundred thousand objects and no garbage, but has the collector look at all of them again and again; a
process that ends has it look through everything for nothing. Together that was a fifth of a short run.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Load modules, or make what lasts as long as the process: it is never looked at again."""
    if not gc.isenabled():  # inside of another
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def ending() -> None:
    """The process ends: whatever is left goes with it. What must be closed is closed by its own block."""
    gc.freeze()
