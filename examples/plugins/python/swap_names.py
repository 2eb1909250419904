#!/usr/bin/env python3
"""`Doe, Jane` becomes `Jane Doe`; other records stay as they are."""

import seqtool_plugin


def swap(text):
    family, comma, given = text.partition(",")
    return f"{given.strip()} {family.strip()}" if comma else text


seqtool_plugin.run(swap)
