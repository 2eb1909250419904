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

/// rows x vectors of C; both are constants at every call, so that the sums live in registers.
/// Vector v of step p is at w + v / (PANEL / LANES) panels + p PANEL.
INLINE void tile(
    const int rows, const int vectors, int k, const float *a, size_t lda, const float *w,
    size_t panel_stride, struct tile_ends ends) {
  vec sums[MAX_ROWS][MAX_VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sums[r][v] = ends.start
          ? load(ends.start + (size_t)r * ends.start_stride + v * LANES, LANES) : splat(0);
    }
  }
  for (int p = 0; p < k; p++) {
    vec weights[MAX_VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const size_t panel = (size_t)(v * LANES / PANEL) * panel_stride;
      weights[v] = load(w + panel + v * LANES % PANEL + (size_t)p * PANEL, LANES);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const vec input = splat(a[(size_t)r * lda + (size_t)p]);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[r][v] += input * weights[v];
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      store(ends.c + (size_t)r * ends.c_stride + v * LANES, sums[r][v], LANES);
    }
  }
}

/// A tile of 1...MAX_ROWS rows, `wide` or one strip.
static void tile_of_rows(
    int rows, bool wide, int k, const float *a, size_t lda, const float *w, size_t panel_stride,
    struct tile_ends ends) {
#define TILE(r)                                                          \
  case r:                                                                \
    if (wide) {                                                          \
      tile(r, TILE_VECTORS(r), k, a, lda, w, panel_stride, ends);        \
    } else {                                                             \
      tile(r, 2, k, a, lda, w, panel_stride, ends);                      \
    }                                                                    \
    break;
  switch (rows) {
    TILE(1) TILE(2) TILE(3) TILE(4)
#if MAX_ROWS >= 6
    TILE(5) TILE(6)
#endif
  }
#undef TILE
}

/// The strip that crosses the last column: computed beside C, its valid columns copied.
static void last_strip(
    int rows, int columns, int k, const float *a, size_t lda, const float *w,
    struct tile_ends ends) {
  float sums[MAX_ROWS * STRIP];
  memset(sums, 0, sizeof sums);
  for (int r = 0; ends.start && r < rows; r++) {
    memcpy(sums + r * STRIP, ends.start + (size_t)r * ends.start_stride,
           (size_t)columns * sizeof(float));
  }
  const struct tile_ends beside = {sums, STRIP, sums, STRIP};
  tile_of_rows(rows, false, k, a, lda, w, 0, beside);
  for (int r = 0; r < rows; r++) {
    memcpy(ends.c + (size_t)r * ends.c_stride, sums + r * STRIP, (size_t)columns * sizeof(float));
  }
}

/// One strip or wide tile of C, its first `rows` rows.
static void tile_of_columns(
    int rows, int columns, int k, const float *a, size_t lda, const float *w, size_t panel_stride,
    struct tile_ends ends) {
  if (columns < STRIP) {
    last_strip(rows, columns, k, a, lda, w, ends);
  } else {
    tile_of_rows(rows, columns > STRIP, k, a, lda, w, panel_stride, ends);
  }
}

/// Rows few enough to stay cached, all columns. Tiles of nearly equal height, columns outside, so
/// that a panel is read from memory once.
static void rows_times_panels(
    int m, int n, int k, const float *a, size_t lda, const float *packed, struct tile_ends ends) {
  const size_t panel_stride = (size_t)k * PANEL;
  const int tiles = (m + MAX_ROWS - 1) / MAX_ROWS;
  const int widest = TILE_VECTORS(m / tiles) * LANES;
  for (int column = 0, columns; column < n; column += columns) {
    const int left = n - column;
    columns = left >= widest ? widest : left >= STRIP ? STRIP : left;
    const float *w = packed + (size_t)(column / PANEL) * panel_stride + column % PANEL;
    for (int t = 0, row = 0, rows; t < tiles; t++, row += rows) {
      rows = (m - row) / (tiles - t);
      const size_t r = (size_t)row;
      const struct tile_ends here = {
          ends.start ? ends.start + r * ends.start_stride + column : NULL, ends.start_stride,
          ends.c + r * ends.c_stride + column, ends.c_stride};
      tile_of_columns(rows, columns, k, a + r * lda, lda, w, panel_stride, here);
    }
  }
}

static void kernel_gemm_packed(
    int m, int n, int k, const float *a, int lda, const float *packed, const float *bias,
    bool accumulate, float *c, int ldc) {
  const int fitting = CACHED_FLOATS / (k > 0 ? k : 1) / MAX_ROWS * MAX_ROWS;
  const int block = fitting > MAX_ROWS ? fitting : MAX_ROWS;
  for (int row = 0; row < m; row += block) {
    const int rows = m - row < block ? m - row : block;
    float *out = c + (size_t)row * (size_t)ldc;
    const struct tile_ends ends = {
        accumulate ? out : bias, accumulate ? (size_t)ldc : 0, out, (size_t)ldc};
    rows_times_panels(
        rows, n, k, a + (size_t)row * (size_t)lda, (size_t)lda, packed, ends);
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
