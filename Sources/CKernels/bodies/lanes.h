// Vectors of LANES floats. The files of this folder hold the kernels once, written on these
// vectors; portable.c, avx2.c and avx512.c each compile them for one instruction set. So a tail
// runs through the same operations as a full vector, and its bits do not depend on its place.
// No include guard: a file that includes this defines LANES first.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// a * b + c is one fused operation wherever the instruction set has it.
#pragma STDC FP_CONTRACT ON

#define INLINE static inline __attribute__((always_inline))

typedef float vec __attribute__((ext_vector_type(LANES)));
typedef int32_t ivec __attribute__((ext_vector_type(LANES)));
typedef double dvec __attribute__((ext_vector_type(LANES)));
typedef vec unaligned_vec __attribute__((aligned(4)));

INLINE vec splat(float x) { return (vec)x; }
INLINE ivec as_int(vec x) { return (ivec)x; }
INLINE vec as_float(ivec x) { return (vec)x; }

/// The first `count` <= LANES floats at p; the other lanes are 0. A constant count costs nothing.
INLINE vec load(const float *p, int count) {
  if (count == LANES) return *(const unaligned_vec *)p;
#if LANES == 16
  return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
#else
  vec x = 0;
  memcpy(&x, p, (size_t)count * sizeof(float));
  return x;
#endif
}

/// Writes the first `count` <= LANES lanes to p.
INLINE void store(float *p, vec x, int count) {
  if (count == LANES) {
    *(unaligned_vec *)p = x;
    return;
  }
#if LANES == 16
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), x);
#else
  memcpy(p, &x, (size_t)count * sizeof(float));
#endif
}

/// x with the lanes from `count` on set to `filler`.
INLINE vec padded(vec x, int count, float filler) {
  for (int lane = count; lane < LANES; lane++) x[lane] = filler;
  return x;
}

/// Sum of the lanes in their order. (By address: a dvec is wider than a register.)
INLINE double lane_sum(const dvec *x) {
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += (*x)[lane];
  return sum;
}

/// Runs a block statement over columns j = 0, LANES, ... of n, `count` lanes at a time: a constant
/// LANES in the first loop, so that its loads and stores are plain ones.
#define FOR_LANES(j, count, n, ...)       \
  do {                                    \
    __typeof__(n) j = 0;                  \
    for (; j + LANES <= (n); j += LANES) { \
      enum { count = LANES };             \
      __VA_ARGS__                         \
    }                                     \
    if (j < (n)) {                        \
      const int count = (int)((n) - j);   \
      __VA_ARGS__                         \
    }                                     \
  } while (0)
