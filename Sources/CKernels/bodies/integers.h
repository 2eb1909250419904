// Products of 8-bit integers. The weights lie in panels of INT_PANEL outputs, [k/4][INT_PANEL][4] each, k
// filled up with zeros to a multiple of 4: a quad is four neighbouring inputs. Sums are exact in 32 bits
// for k <= SEQ_INT8_MAX_INPUTS, so every instruction set gets the same.
//
// A vector holds INT_OUTPUTS outputs and has LANES sums. With AVX-512 VNNI an instruction adds the four
// products of a quad for 16 outputs: it takes the inputs as unsigned, 128 too large, which is taken
// off again by the sum of each output's weights. Elsewhere an instruction adds two products of 16-bit
// numbers: two sums for each output.
#if defined(INT8_DOT)
typedef uint8_t quantized;
#define INT_OUTPUTS LANES
#define INT_OFFSET 128
typedef uint8_t int_inputs __attribute__((ext_vector_type(4 * LANES)));
typedef int8_t int_weights __attribute__((ext_vector_type(4 * LANES)));
typedef int32_t quad_bits;
#else
typedef int16_t quantized;
#define INT_OUTPUTS (LANES / 2)
#define INT_OFFSET 0
typedef int16_t int_inputs __attribute__((ext_vector_type(2 * LANES)));
typedef int16_t int_weights __attribute__((ext_vector_type(2 * LANES)));
typedef int64_t quad_bits;
#endif
typedef int8_t int_bytes __attribute__((ext_vector_type(4 * INT_OUTPUTS)));
typedef int_bytes unaligned_int_bytes __attribute__((aligned(1)));
typedef int32_t int_sums __attribute__((ext_vector_type(INT_OUTPUTS), aligned(4)));
typedef quad_bits quads __attribute__((ext_vector_type(INT_OUTPUTS)));

INLINE int_weights load_quads(const int8_t *w) {
  return __builtin_convertvector(*(const unaligned_int_bytes *)w, int_weights);
}

/// The same quad of inputs for every output.
INLINE int_inputs repeat_quad(const quantized *a) {
  quad_bits bits;
  memcpy(&bits, a, sizeof bits);
  return (int_inputs)(quads)bits;
}

INLINE ivec add_products(ivec sums, int_inputs a, int_weights w) {
#if defined(INT8_DOT)
  return (ivec)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)a, (__m512i)w);
#elif LANES == 16
  return sums + (ivec)_mm512_madd_epi16((__m512i)a, (__m512i)w);
#elif LANES == 8
  return sums + (ivec)_mm256_madd_epi16((__m256i)a, (__m256i)w);
#else
  // Even and odd products, which clang makes one instruction where there is one.
  typedef int16_t half __attribute__((ext_vector_type(LANES)));
#define WIDE(x) __builtin_convertvector((half)(x), ivec)
  return sums + WIDE(a.even) * WIDE(w.even) + WIDE(a.odd) * WIDE(w.odd);
#undef WIDE
#endif
}

/// rows x vectors of sums, written to `out` [rows][INT_PANEL] (of which w's outputs are the first).
INLINE void integer_tile(
    const int rows, const int vectors, int quad_count, const quantized *a, size_t lda,
    const int8_t *w, int32_t *out) {
  ivec sums[MAX_ROWS][MAX_INT_VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sums[r][v] = 0;
  }
  for (int p = 0; p < quad_count; p++) {
    int_weights weights[MAX_INT_VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      weights[v] = load_quads(w + (size_t)p * 4 * INT_PANEL + v * 4 * INT_OUTPUTS);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const int_inputs input = repeat_quad(a + (size_t)r * lda + 4 * (size_t)p);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[r][v] = add_products(sums[r][v], input, weights[v]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      int_sums *const end = (int_sums *)(out + r * INT_PANEL + v * INT_OUTPUTS);
#if defined(INT8_DOT)
      *end = sums[r][v];
#else
      *end = sums[r][v].even + sums[r][v].odd;
#endif
    }
  }
}

/// All outputs of a panel for 1...MAX_ROWS rows.
static void integer_panel(
    int rows, int quad_count, const quantized *a, size_t lda, const int8_t *w, int32_t *out) {
#define TILE(r)                                                                              \
  case r:                                                                                    \
    for (int j = 0; j < INT_PANEL; j += INT_VECTORS(r) * INT_OUTPUTS) {                          \
      integer_tile(r, INT_VECTORS(r), quad_count, a, lda, w + 4 * j, out + j);               \
    }                                                                                        \
    break;
  switch (rows) {
    TILE(1) TILE(2) TILE(3) TILE(4)
#if MAX_ROWS >= 6
    TILE(5) TILE(6)
#endif
  }
#undef TILE
}

static void kernel_gemm_int8(
    int m, int n, int k, const void *rows, const float *row_scales, const int8_t *packed,
    const float *scales, const int32_t *weight_sums, const float *bias, bool accumulate, float *c,
    int ldc) {
  const int quad_count = (k + 3) / 4;
  const size_t lda = (size_t)quad_count * 4;
  const quantized *a = rows;
  for (int column = 0; column < n; column += INT_PANEL, packed += lda * INT_PANEL) {
    const int columns = n - column < INT_PANEL ? n - column : INT_PANEL;
    for (int row = 0; row < m; row += MAX_ROWS) {
      int32_t sums[MAX_ROWS * INT_PANEL];
      const int height = m - row < MAX_ROWS ? m - row : MAX_ROWS;
      integer_panel(height, quad_count, a + (size_t)row * lda, lda, packed, sums);
      for (int r = 0; r < height; r++) {
        float *out = c + (size_t)(row + r) * (size_t)ldc + column;
        for (int j = 0; j < columns; j++) {
          const float start = accumulate ? out[j] : bias ? bias[column + j] : 0;
          const int32_t sum = sums[r * INT_PANEL + j] - INT_OFFSET * weight_sums[column + j];
          out[j] = (float)sum * (row_scales[row + r] * scales[column + j]) + start;
        }
      }
    }
  }
}

static void kernel_quantize_rows(
    int m, int k, const float *a, int lda, void *rows, float *row_scales) {
  const size_t width = ((size_t)k + 3) / 4 * 4;
  quantized *q = rows;
  for (int r = 0; r < m; r++, a += lda, q += width) {
    vec largest = 0, nothing = 0;  // `nothing` becomes NaN by what is not finite
    FOR_LANES(j, count, k, {
      const vec x = load(a + j, count);
      largest = __builtin_elementwise_max(as_float(as_int(x) & 0x7fffffff), largest);
      nothing += x * 0;
    });
    float limit = 0, check = 0;
    for (int lane = 0; lane < LANES; lane++) {
      limit = largest[lane] > limit ? largest[lane] : limit;
      check += nothing[lane];
    }
    const struct int8_scale scale = int8_scale(limit, check == 0);
    row_scales[r] = scale.size;
    for (int j = 0; j < k; j++) {
      const float x = scale.inverse == 0 ? 0 : rintf(a[j] * scale.inverse);
      q[j] = (quantized)((int32_t)x + INT_OFFSET);
    }
    for (size_t j = (size_t)k; j < width; j++) q[j] = INT_OFFSET;
  }
}
