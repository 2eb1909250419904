// exp, tanh and sigmoid of a vector. Cody-Waite reduction x = n ln2 + r, |r| <= ln2 / 2, then
// Cephes' polynomial for exp(r) - 1 (S. Moshier, expf.c). NaN passes through every comparison.

// Adding it rounds a float of magnitude < 2^22 to an integer, held in the low bits of the sum.
#define ROUNDING_SHIFT 12582912.0f
// Below it exp is subnormal.
#define LOWEST_NORMAL_EXPONENT -87.33654f

/// 2^n for -126 <= n <= 127.
INLINE vec power_of_two(ivec n) { return as_float((n + 127) << 23); }

/// exp(x) - 1 = 2^n (1 + p) - 1 for the n and the p returned.
INLINE vec exp_reduced(vec x, ivec *n) {
  const vec shifted = x * 1.44269504088896341f + ROUNDING_SHIFT;
  const vec whole = shifted - ROUNDING_SHIFT;
  *n = as_int(shifted) - as_int(splat(ROUNDING_SHIFT));
  vec r = x - whole * 0.693359375f;  // exact: the constant has 9 bits
  r = r - whole * -2.12194440e-4f;
  // In pairs of terms: a short chain of operations lets more vectors be under way at once.
  const vec r2 = r * r;
  const vec high = r * 1.9875691500e-4f + 1.3981999507e-3f;
  const vec middle = r * 8.3334519073e-3f + 4.1665795894e-2f;
  const vec low = r * 1.6666665459e-1f + 5.0000001201e-1f;
  const vec q = (high * r2 + middle) * r2 + low;
  return q * r2 + r;
}

/// exp(x), all of float's range: the scale is applied in two halves, so that results may be
/// subnormal or infinite.
INLINE vec exponential(vec x) {
  x = x > 100.0f ? splat(100.0f) : x;
  x = x < -110.0f ? splat(-110.0f) : x;
  ivec n;
  const vec p = exp_reduced(x, &n);
  const ivec half = n >> 1;
  return (p + 1.0f) * power_of_two(half) * power_of_two(n - half);
}

/// exp(x) for x <= 0; 0 where it would be subnormal.
INLINE vec exponential_nonpositive(vec x) {
  const vec clamped = x < LOWEST_NORMAL_EXPONENT ? splat(LOWEST_NORMAL_EXPONENT) : x;
  ivec n;
  const vec p = exp_reduced(clamped, &n);
  const vec scale = power_of_two(n);
  const vec y = scale * p + scale;
  return x < LOWEST_NORMAL_EXPONENT ? splat(0) : y;
}

/// 1 / (1 + exp(-x)) by e = exp(-|x|), which cannot overflow.
INLINE vec logistic(vec x) {
  const vec magnitude = as_float(as_int(x) & 0x7fffffff);
  const vec e = exponential_nonpositive(-magnitude);
  return (x < 0.0f ? e : splat(1)) / (e + 1.0f);
}

/// tanh(x) = -e / (2 + e), e = exp(-2|x|) - 1: accurate near 0 since e is.
INLINE vec hyperbolic_tangent(vec x) {
  const ivec sign = as_int(x) & INT32_MIN;
  const vec magnitude = as_float(as_int(x) ^ sign);
  vec t = magnitude * -2.0f;
  t = t < -20.0f ? splat(-20.0f) : t;  // tanh(10) is 1 in float
  ivec n;
  const vec p = exp_reduced(t, &n);
  const vec scale = power_of_two(n);
  const vec e = scale * p + (scale - 1.0f);
  const vec y = -e / (e + 2.0f);
  return as_float((as_int(y) & INT32_MAX) | sign);
}
