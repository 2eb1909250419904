"""Finds the coefficients of hyperbolic_tangent in Sources/CKernels/bodies/activations.h:

    python3 tanh_coefficients.py

x P(x^2) / Q(x^2), P and Q of degree 4, P(0) = Q(0) = 1 nearly, with the smallest largest relative
error on 0...9.02: least squares on Chebyshev points, linearised by the last Q, weights raised where
the error is large (Lawson's iteration). Needs NumPy.
"""

import numpy

DEGREE = 4
END = 9.02

x = END / 2 * (1 - numpy.cos(numpy.pi * (numpy.arange(3000) + 0.5) / 3000))
f = numpy.tanh(x) / x
powers = numpy.vander((x / END) ** 2, DEGREE + 1, increasing=True)
q = numpy.eye(DEGREE + 1)[0]
weights = numpy.ones_like(x)
best = None
for step in range(250):
    scale = (weights / (f * (powers @ q)))[:, None]
    columns = numpy.hstack([powers, -f[:, None] * powers[:, 1:]])
    solution = numpy.linalg.lstsq(columns * scale, f * scale[:, 0], rcond=None)[0]
    p, q = solution[: DEGREE + 1], numpy.concatenate([[1], solution[DEGREE + 1 :]])
    error = abs(powers @ p / (powers @ q) / f - 1)
    if best is None or error.max() < best[0]:
        best = error.max(), p, q
    if step >= 50:  # the first steps find Q alone
        weights = weights * numpy.sqrt(numpy.maximum(error, 1e-12))
        weights /= weights.max()

largest, p, q = best
for name, values in ("P", p), ("Q", q):
    terms = values / END ** (2 * numpy.arange(DEGREE + 1))
    print(name, *(f"{numpy.float32(term):.9e}" for term in terms))
print(f"largest relative error {largest:.1e}")
