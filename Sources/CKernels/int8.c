// How 8-bit weights are laid out, which is the same for every instruction set.
#include <math.h>
#include <string.h>

#include "kernels.h"

static size_t padded_inputs(int k) { return ((size_t)k + 3) / 4 * 4; }

size_t seq_int8_count(int n, int k) {
  return ((size_t)n + INT_PANEL - 1) / INT_PANEL * INT_PANEL * padded_inputs(k);
}

size_t seq_quantized_rows_bytes(int m, int k) {
  return (size_t)m * padded_inputs(k) * sizeof(int16_t);
}

void seq_pack_int8(
    bool transposed, int n, int k, const float *w, int ldw, int8_t *packed, float *scales,
    int32_t *weight_sums) {
  memset(packed, 0, seq_int8_count(n, k));
  const size_t along = transposed ? (size_t)ldw : 1, across = transposed ? 1 : (size_t)ldw;
  for (int output = 0; output < n; output++) {
    const float *from = w + (size_t)output * across;
    float largest = 0;
    bool is_finite = true;
    for (int p = 0; p < k; p++) {
      const float size = fabsf(from[(size_t)p * along]);
      is_finite = is_finite && isfinite(size);
      largest = size > largest ? size : largest;
    }
    const struct int8_scale scale = int8_scale(largest, is_finite);
    scales[output] = scale.size;
    weight_sums[output] = 0;
    if (scale.inverse == 0) continue;
    int8_t *panel = packed + (size_t)(output / INT_PANEL) * INT_PANEL * padded_inputs(k);
    for (int p = 0; p < k; p++) {
      const int8_t q = (int8_t)rintf(from[(size_t)p * along] * scale.inverse);
      panel[(size_t)(p / 4) * 4 * INT_PANEL + output % INT_PANEL * 4 + p % 4] = q;
      weight_sums[output] += q;
    }
  }
}
