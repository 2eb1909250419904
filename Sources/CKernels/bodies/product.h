// The product with packed weights, for weights kept as WEIGHT, of which LOAD_WEIGHTS reads LANES as
// floats; packed.h includes this once for each kind, and NAME gives each its own functions.
/// rows x vectors of C; both are constants at every call, so that the sums live in registers.
/// Row r of A has step p at a + r row_stride + p step_stride, vector v of step p is at
/// w + v / 2 panels + p STRIP + v % 2 LANES.
INLINE void NAME(tile)(
    const int rows, const int vectors, int k, const float *a, size_t row_stride, size_t step_stride,
    const WEIGHT *w, size_t panel_stride, const struct tile_ends *ends) {
  vec sums[MAX_ROWS][MAX_VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sums[r][v] = ends->start
          ? load(ends->start + (size_t)r * ends->start_stride + v * LANES, LANES) : splat(0);
    }
  }
  // Eight steps share the addresses of A, a count and a jump.
#pragma clang loop unroll_count(8)
  for (int p = 0; p < k; p++) {
    vec weights[MAX_VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      const size_t panel = (size_t)(v / 2) * panel_stride;
      weights[v] = LOAD_WEIGHTS(w + panel + v % 2 * LANES + (size_t)p * STRIP);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const vec input = splat(a[(size_t)r * row_stride + (size_t)p * step_stride]);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[r][v] += input * weights[v];
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      store(ends->c + (size_t)r * ends->c_stride + v * LANES, sums[r][v], LANES);
    }
  }
}

/// A tile of 1...MAX_ROWS rows, `wide` or one strip.
static void NAME(tile_of_rows)(
    int rows, bool wide, int k, const float *a, size_t lda, const WEIGHT *w, size_t panel_stride,
    const struct tile_ends *ends) {
#define TILE(r)                                                             \
  case r:                                                                   \
    if (wide) {                                                             \
      NAME(tile)(r, TILE_VECTORS(r), k, a, lda, 1, w, panel_stride, ends);  \
    } else {                                                                \
      NAME(tile)(r, 2, k, a, lda, 1, w, panel_stride, ends);                \
    }                                                                       \
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
static void NAME(last_strip)(
    int rows, int columns, int k, const float *a, size_t lda, const WEIGHT *w,
    const struct tile_ends *ends) {
  float sums[MAX_ROWS * STRIP];
  start_beside(rows, columns, ends, STRIP, sums);
  const struct tile_ends beside = {sums, STRIP, sums, STRIP};
  NAME(tile_of_rows)(rows, false, k, a, lda, w, 0, &beside);
  end_beside(rows, columns, ends, STRIP, sums);
}

/// One strip or wide tile of C, its first `rows` rows.
static void NAME(tile_of_columns)(
    int rows, int columns, int k, const float *a, size_t lda, const WEIGHT *w, size_t panel_stride,
    const struct tile_ends *ends) {
  if (columns < STRIP) {
    NAME(last_strip)(rows, columns, k, a, lda, w, ends);
  } else {
    NAME(tile_of_rows)(rows, columns > STRIP, k, a, lda, w, panel_stride, ends);
  }
}

/// Rows few enough to stay cached, all columns. Tiles of nearly equal height, columns outside, so
/// that a panel is read from memory once.
static void NAME(rows_times_panels)(
    int m, int n, int k, const float *a, size_t lda, const WEIGHT *packed,
    const struct tile_ends *ends) {
  const size_t panel_stride = (size_t)k * STRIP;
  const int tiles = (m + MAX_ROWS - 1) / MAX_ROWS;
  const int widest = TILE_VECTORS(m / tiles) * LANES;
  for (int column = 0, columns; column < n; column += columns) {
    const int left = n - column;
    columns = left >= widest ? widest : left >= STRIP ? STRIP : left;
    const WEIGHT *w = packed + (size_t)(column / STRIP) * panel_stride;
    for (int t = 0, row = 0, rows; t < tiles; t++, row += rows) {
      rows = (m - row) / (tiles - t);
      const size_t r = (size_t)row;
      const struct tile_ends here = {
          ends->start ? ends->start + r * ends->start_stride + column : NULL, ends->start_stride,
          ends->c + r * ends->c_stride + column, ends->c_stride};
      NAME(tile_of_columns)(rows, columns, k, a + r * lda, lda, w, panel_stride, &here);
    }
  }
}

static void NAME(kernel_gemm)(
    int m, int n, int k, const float *a, int lda, const WEIGHT *packed, const float *bias,
    bool accumulate, float *c, int ldc) {
  const int fitting = CACHED_FLOATS / (k > 0 ? k : 1) / MAX_ROWS * MAX_ROWS;
  const int block = fitting > MAX_ROWS ? fitting : MAX_ROWS;
  for (int row = 0; row < m; row += block) {
    const int rows = m - row < block ? m - row : block;
    float *out = c + (size_t)row * (size_t)ldc;
    const struct tile_ends ends = {
        accumulate ? out : bias, accumulate ? (size_t)ldc : 0, out, (size_t)ldc};
    NAME(rows_times_panels)(
        rows, n, k, a + (size_t)row * (size_t)lda, (size_t)lda, packed, &ends);
  }
}

#undef NAME
#undef WEIGHT
#undef LOAD_WEIGHTS
