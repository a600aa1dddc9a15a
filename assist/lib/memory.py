"""How does a process keep its garbage collector from standing in people's way?"""

import gc

YOUNG = 50_000  # new objects before the young ones are looked at; Python's own is 700


def settle() -> None:
    """What is loaded by now stays for the life of the process and is looked at no more.

    A full collection walks all that lives and stops the loop meanwhile: 400 ms every seven seconds
    in a web process with 2,000 sockets.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
