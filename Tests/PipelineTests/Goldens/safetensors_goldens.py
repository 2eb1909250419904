"""Prints the bytes that the reference writer makes, for SafetensorsFileTests.swift.

Needs numpy and safetensors (made with 0.8.0)."""

import hashlib

import numpy as np
from safetensors.numpy import save

files = {
    "one": ({"w": np.arange(6, dtype="<f4").reshape(2, 3)}, {"format": "pt"}),
    "mixed": (
        {
            "b": np.arange(5, dtype="u1"),
            "a": np.arange(4, dtype="<i4").reshape(2, 2) - 2,
            "z": np.arange(3, dtype="<f4") / 4,
            "c": np.arange(2, dtype="<f8") - 0.5,
            "é\n\"": np.zeros((0,), dtype="u1"),
            "scalar": np.array(7, dtype="<f4"),
        },
        {"note": "tab\t quote\" back\\slash \x01 é"},
    ),
}
for name, (tensors, metadata) in files.items():
    data = save(tensors, metadata)
    print(name, len(data), hashlib.sha256(data).hexdigest())
