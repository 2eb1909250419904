// Products with packed weights. The weights lie in panels of PANEL outputs, [k][PANEL] each. A
// tile of rows x columns keeps its sums in registers while it walks along k once.
//
// A file that includes this also defines MAX_ROWS, the rows of the largest tile, and
// TILE_VECTORS(rows) <= MAX_VECTORS, the vectors of columns beside `rows` rows: many sums, since
// few would wait for their own multiply-adds, yet no more than registers hold. It is the same for
// all rows from MAX_ROWS / 2 on: the tiles of one product are equally wide. A strip is two
// vectors, the narrowest tile.
#define STRIP (2 * LANES)
// Floats of A that stay in the second cache level while all panels pass.
#define CACHED_FLOATS (96 * 1024)

/// What a product starts from and where it ends: sums start at `start` (NULL: at 0).
struct tile_ends {
  const float *start;
  size_t start_stride;
  float *c;
  size_t c_stride;
};

#define NAME(x) x##_packed
#define WEIGHT float
#define LOAD_WEIGHTS(w) load(w, LANES)
#include "product.h"

typedef uint16_t halves __attribute__((ext_vector_type(LANES)));
typedef halves unaligned_halves __attribute__((aligned(2)));

/// A bf16 number is the upper half of a float.
INLINE vec load_bf16(const uint16_t *w) {
  return as_float(__builtin_convertvector(*(const unaligned_halves *)w, ivec) << 16);
}

#define NAME(x) x##_bf16
#define WEIGHT uint16_t
#define LOAD_WEIGHTS(w) load_bf16(w)
#include "product.h"

static void kernel_round_bf16(size_t n, const float *x, uint16_t *y) {
  for (size_t i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    // To the nearest, halfway to even; NaN stays NaN.
    const uint32_t rounded = bits + 0x7fff + (bits >> 16 & 1);
    y[i] = (uint16_t)((x[i] == x[i] ? rounded : bits | 0x400000) >> 16);
  }
}

/// [columns,k] rows of weights become [k][PANEL], in squares that stay in registers.
static void transpose_panel(int columns, int k, const float *w, size_t ldw, float *panel) {
  typedef float four __attribute__((ext_vector_type(4)));
  typedef four unaligned_four __attribute__((aligned(4)));
  const int even_columns = columns / 4 * 4, even_k = k / 4 * 4;
  for (int p = 0; p < even_k; p += 4) {
    for (int j = 0; j < even_columns; j += 4) {
      const float *from = w + (size_t)j * ldw + p;
      const four r0 = *(const unaligned_four *)from;
      const four r1 = *(const unaligned_four *)(from + ldw);
      const four r2 = *(const unaligned_four *)(from + 2 * ldw);
      const four r3 = *(const unaligned_four *)(from + 3 * ldw);
      const four a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5);
      const four b = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
      const four c = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
      const four d = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
      unaligned_four *to = (unaligned_four *)(panel + (size_t)p * PANEL + j);
      to[0] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
      to[PANEL / 4] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
      to[2 * PANEL / 4] = __builtin_shufflevector(c, d, 0, 1, 4, 5);
      to[3 * PANEL / 4] = __builtin_shufflevector(c, d, 2, 3, 6, 7);
    }
  }
  for (int j = 0; j < columns; j++) {
    for (int p = j < even_columns ? even_k : 0; p < k; p++) {
      panel[(size_t)p * PANEL + j] = w[(size_t)j * ldw + p];
    }
  }
}

static void kernel_pack(bool transposed, int n, int k, const float *w, int ldw, float *packed) {
  for (int column = 0; column < n; column += PANEL, packed += (size_t)k * PANEL) {
    const int columns = n - column < PANEL ? n - column : PANEL;
    if (columns < PANEL) memset(packed, 0, (size_t)k * PANEL * sizeof(float));
    if (transposed) {
      for (int p = 0; p < k; p++) {
        const float *from = w + (size_t)p * (size_t)ldw + column;
        memcpy(packed + (size_t)p * PANEL, from, (size_t)columns * sizeof(float));
      }
    } else {
      transpose_panel(columns, k, w + (size_t)column * (size_t)ldw, (size_t)ldw, packed);
    }
  }
}
