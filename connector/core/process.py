"""Names this process so that another one can tell whether it still lives, and the person who gives a command."""

from __future__ import annotations

import getpass
import os
import secrets
import socket
from pathlib import Path


def identity() -> str:
    """``host|pid|start|random``: start is the kernel's start tick where /proc exists, else empty."""
    return f"{socket.gethostname()}|{os.getpid()}|{_start(os.getpid())}|{secrets.token_hex(4)}"


def person() -> str:
    """``user@host``: who gives a command, as far as the system knows."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a container whose user has no name
        name = str(os.getuid())
    return f"{name}@{socket.gethostname()}"


def is_gone(owner: str) -> bool:
    """True only when the owner ran on this host and certainly no longer does. Anything unclear is False."""
    parts = owner.split("|")
    if len(parts) != 4 or parts[0] != socket.gethostname() or not parts[1].isdigit():
        return False
    pid = int(parts[1])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    start = _start(pid)
    return bool(parts[2] and start and start != parts[2])


def _start(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    # A zombie holds its pid but will never run again.
    return "gone" if fields[:1] == ["Z"] else fields[19] if len(fields) > 19 else ""
