// Products with packed weights. The weights lie in panels of STRIP outputs, [k][STRIP] each. A
// tile of rows x columns keeps its sums in registers while it walks along k once.
//
// A file that includes this also defines MAX_ROWS, the rows of the largest tile, and
// TILE_VECTORS(rows) <= MAX_VECTORS, the vectors of columns beside `rows` rows: many sums, since
// few would wait for their own multiply-adds, yet no more than registers hold. It is the same for
// all rows from MAX_ROWS / 2 on: the tiles of one product are equally wide. A strip is two
// vectors, the narrowest tile: what a tile of many rows reads lies in one piece, so that it stays in all
// of the first cache level (a strip with a gap after each line had half of it).
#define STRIP (2 * LANES)
// Floats of A that stay in the second cache level while all panels pass.
#define CACHED_FLOATS (96 * 1024)

/// What a product starts from and where it ends: sums start at `start` (NULL: at 0). Passed by its address: a
/// copy on the stack would be read by one wide load before the narrow stores that made it are through.
struct tile_ends {
  const float *start;
  size_t start_stride;
  float *c;
  size_t c_stride;
};

/// For a tile that is not whole, of `width` columns in each row of `sums`: what its rows x columns valid
/// elements start from, and zeros.
INLINE void start_beside(
    int rows, int columns, const struct tile_ends *ends, int width, float *sums) {
  memset(sums, 0, (size_t)MAX_ROWS * (size_t)width * sizeof(float));
  for (int r = 0; ends->start && r < rows; r++) {
    memcpy(sums + r * width, ends->start + (size_t)r * ends->start_stride,
           (size_t)columns * sizeof(float));
  }
}

/// Copies its valid elements to where they belong.
INLINE void end_beside(
    int rows, int columns, const struct tile_ends *ends, int width, const float *sums) {
  for (int r = 0; r < rows; r++) {
    memcpy(ends->c + (size_t)r * ends->c_stride, sums + r * width, (size_t)columns * sizeof(float));
  }
}

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

typedef float eight __attribute__((ext_vector_type(8)));
typedef eight unaligned_eight __attribute__((aligned(4)));

/// An 8 x 8 square at `from` becomes its transpose at `to`.
INLINE void transpose_square(const float *from, size_t ld, float *to, size_t ldt) {
  eight rows[8], pairs[8], quads[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) rows[i] = *(const unaligned_eight *)(from + (size_t)i * ld);
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 4) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      const eight a = pairs[i + j], b = pairs[i + j + 2];
      quads[i + 2 * j] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
      quads[i + 2 * j + 1] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    const eight a = quads[i], b = quads[i + 4];
    *(unaligned_eight *)(to + (size_t)i * ldt) =
        __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
    *(unaligned_eight *)(to + (size_t)(i + 4) * ldt) =
        __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

/// [columns,k] rows of weights become [k][STRIP], in squares that stay in registers.
static void transpose_panel(int columns, int k, const float *w, size_t ldw, float *panel) {
  const int even_columns = columns / 8 * 8, even_k = k / 8 * 8;
  for (int p = 0; p < even_k; p += 8) {
    for (int j = 0; j < even_columns; j += 8) {
      transpose_square(w + (size_t)j * ldw + p, ldw, panel + (size_t)p * STRIP + j, STRIP);
    }
  }
  for (int j = 0; j < columns; j++) {
    for (int p = j < even_columns ? even_k : 0; p < k; p++) {
      panel[(size_t)p * STRIP + j] = w[(size_t)j * ldw + p];
    }
  }
}

static int kernel_panel_width(void) { return STRIP; }

static void kernel_pack(bool transposed, int n, int k, const float *w, int ldw, float *packed) {
  for (int column = 0; column < n; column += STRIP, packed += (size_t)k * STRIP) {
    const int columns = n - column < STRIP ? n - column : STRIP;
    if (columns < STRIP) memset(packed, 0, (size_t)k * STRIP * sizeof(float));
    if (!transposed) {
      transpose_panel(columns, k, w + (size_t)column * (size_t)ldw, (size_t)ldw, packed);
      continue;
    }
    const float *from = w + column;
    float *to = packed;
    for (int p = 0; p < k; p++, from += ldw, to += STRIP) {
      // A constant size is no call.
      if (columns == STRIP) {
        memcpy(to, from, STRIP * sizeof(float));
      } else {
        memcpy(to, from, (size_t)columns * sizeof(float));
      }
    }
  }
}
