// exp, tanh and sigmoid of a vector. NaN passes through every comparison.

// Adding it rounds a float of magnitude < 2^22 to an integer, held in the low bits of the sum.
#define ROUNDING_SHIFT 12582912.0f

/// x held within -limit...limit.
INLINE vec within(vec x, float limit) {
  x = x > limit ? splat(limit) : x;
  return x < -limit ? splat(-limit) : x;
}

/// 2^n for -126 <= n <= 127.
INLINE vec power_of_two(ivec n) { return as_float((n + 127) << 23); }

/// exp(x), all of float's range: Cody-Waite reduction x = n ln2 + r, |r| <= ln2 / 2, then Cephes'
/// polynomial for exp(r) - 1 (S. Moshier, expf.c). The scale 2^n is applied in two halves, so that
/// results may be subnormal or infinite.
INLINE vec exponential(vec x) {
  x = within(x, 110.0f);
  const vec shifted = x * 1.44269504088896341f + ROUNDING_SHIFT;
  const vec whole = shifted - ROUNDING_SHIFT;
  const ivec n = as_int(shifted) - as_int(splat(ROUNDING_SHIFT));
  vec r = x - whole * 0.693359375f;  // exact: the constant has 9 bits
  r = r - whole * -2.12194440e-4f;
  // In pairs of terms: a short chain of operations lets more vectors be under way at once.
  const vec r2 = r * r;
  const vec high = r * 1.9875691500e-4f + 1.3981999507e-3f;
  const vec middle = r * 8.3334519073e-3f + 4.1665795894e-2f;
  const vec low = r * 1.6666665459e-1f + 5.0000001201e-1f;
  const vec q = (high * r2 + middle) * r2 + low;
  const ivec half = n >> 1;
  return (q * r2 + r + 1.0f) * power_of_two(half) * power_of_two(n - half);
}

/// tanh(x) = x P(x^2) / Q(x^2), which is wrong by a relative 2e-8 before rounding up to |x| = 9.02.
/// From there on tanh is 1 in float; at the limit the quotient is above 1 on every instruction set.
/// Half the cost of one by exp. The coefficients are tanh_coefficients.py's.
INLINE vec hyperbolic_tangent(vec x) {
  x = within(x, 9.24f);
  const vec t = x * x;
  vec p = t * 1.331913868e-08f + 2.058353493e-05f;
  vec q = t * 7.762048426e-07f + 3.283098340e-04f;
  p = p * t + 3.494038014e-03f;
  q = q * t + 2.587108687e-02f;
  p = p * t + 1.337972134e-01f;
  q = q * t + 4.671303630e-01f;
  p = p * t + 1.0f;
  q = q * t + 1.0f;
  return within(x * p / q, 1.0f);
}

/// 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2: within 0...1, with a small absolute error.
INLINE vec logistic(vec x) { return hyperbolic_tangent(x * 0.5f) * 0.5f + 0.5f; }
