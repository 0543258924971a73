"""How every client here is run: one call, many at once, or one for each line of standard input."""

import sys
from concurrent.futures import ThreadPoolExecutor


def run(connect):
    """`connect(address)` gives the function that makes one signed call and returns what the server said."""
    address, *words = sys.argv[1:]
    call = connect(address)
    if words[:1] == ["--at-once"]:
        count = int(words[1])
        with ThreadPoolExecutor(count) as pool:
            for made in [pool.submit(call) for _ in range(count)]:
                print(made.result())
    elif words == ["--lines"]:
        for _ in sys.stdin:
            print(said_by(call), flush=True)
    else:
        print(call())


def said_by(call):
    try:
        call()
    except Exception as error:
        return " ".join(str(error).split()) or type(error).__name__
    return "ok"
