"""On the path of a child process: notes in $GUARD_LOG every address and name that Python's sockets are asked for.

An audit hook sees them before anything is sent, whichever package asks, and cannot be taken off again.
"""

import os
import sys

_LOG = os.environ["GUARD_LOG"]
# Each with the place of the address among its arguments
_WATCHED = {"connect": 1, "sendto": 1, "sendmsg": 1, "getaddrinfo": 0, "gethostbyname": 0}


def _note(event: str, arguments: tuple[object, ...]) -> None:
    package, _, call = event.partition(".")
    if package == "socket" and call in _WATCHED:
        place = arguments[_WATCHED[call]]
        name = place[0] if isinstance(place, tuple) else place
        descriptor = os.open(_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, f"{event} {os.fsdecode(name) if isinstance(name, bytes | str) else name}\n".encode())
        os.close(descriptor)


sys.addaudithook(_note)
