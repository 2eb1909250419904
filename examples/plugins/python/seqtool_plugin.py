"""The record protocol of seqtool, version 1 (docs/plugins.md), for a plugin in Python.

    import seqtool_plugin
    seqtool_plugin.run(lambda text: text.upper())
"""

import sys


def run(answer):
    """Answers every record by `answer(text) -> text` until the input ends."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    greeting = source.readline()
    if greeting != b"seqtool-plugin 1\n":
        sys.exit(f"this plugin speaks version 1, not {greeting!r}")
    target.write(greeting)
    target.flush()
    while header := source.readline():
        kind, number, *length = header.split()
        if kind == b"flush":
            target.write(b"flushed " + number + b"\n")
            target.flush()
            continue
        text = source.read(int(length[0])).decode()
        source.read(1)  # the line feed behind the record
        try:
            kind, reply = b"record", answer(text).encode()
        except Exception as error:  # seqtool names the record and stops
            kind, reply = b"error", f"{type(error).__name__}: {error}".encode()[:4000]
        target.write(b"%s %s %d\n%s\n" % (kind, number, len(reply), reply))
