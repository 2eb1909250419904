// C = A^T B of long, narrow matrices: the gradient of a weight. A block of the rows of B is packed as
// weights are (packed.h), and of A what some tiles read, so that every tile walks along two pieces of
// memory; what the next tiles read is fetched meanwhile.

// Rows of A and B in a block: a strip of B, 24 KiB of them, stays in the first cache level.
#define OUTER_ROWS (3072 / LANES)
// Tiles of MAX_ROWS columns of A that are packed together.
#define OUTER_TILES 8
#define OUTER_COLUMNS (OUTER_TILES * MAX_ROWS)
// Columns of B in a tile.
#define OUTER_WIDTH (TILE_VECTORS(MAX_ROWS) * LANES)

static size_t kernel_outer_scratch(int n, int k) {
  const size_t rows = (size_t)(k < OUTER_ROWS ? k : OUTER_ROWS);
  return rows * (((size_t)n + STRIP - 1) / STRIP * STRIP + OUTER_COLUMNS);
}

/// Asks for a matrix that will be read, all of its cache lines of 16 floats.
INLINE void fetch(int rows, int columns, const float *p, size_t ld) {
  for (int r = 0; r < rows; r++, p += ld) {
    for (int j = 0; j < columns; j += 16) __builtin_prefetch(p + j);
    __builtin_prefetch(p + columns - 1);
  }
}

/// Columns become tiles of [k][width], the last one filled up with zeros. Row by row: so a matrix is read in
/// one piece, and the rows of a part of one may be pages of their own. (`kernel_pack` goes panel by panel, which
/// is faster for weights that are in the caches already.)
INLINE void pack_tiles(
    const int width, int columns, int k, const float *x, size_t ldx, float *packed) {
  const int whole = columns / width, rest = columns % width;
  const size_t tile = (size_t)k * (size_t)width;
  if (rest > 0) memset(packed + (size_t)whole * tile, 0, tile * sizeof(float));
  for (int p = 0; p < k; p++, x += ldx, packed += width) {
    const float *from = x;
    float *to = packed;
    for (int t = 0; t < whole; t++, from += width, to += tile) {
      memcpy(to, from, (size_t)width * sizeof(float));
    }
    if (rest > 0) memcpy(to, from, (size_t)rest * sizeof(float));
  }
}

/// A tile of C of which rows x columns are valid. One that is not whole is computed beside C.
static void outer_tile(
    int rows, int columns, int k, const float *a, const float *b, bool accumulate, float *c,
    size_t ldc) {
  const size_t panel_stride = (size_t)k * STRIP;
  const struct tile_ends ends = {accumulate ? c : NULL, ldc, c, ldc};
  if (rows == MAX_ROWS && columns == OUTER_WIDTH) {
    tile_packed(MAX_ROWS, OUTER_WIDTH / LANES, k, a, 1, MAX_ROWS, b, panel_stride, &ends);
    return;
  }
  float sums[MAX_ROWS * OUTER_WIDTH];
  start_beside(rows, columns, &ends, OUTER_WIDTH, sums);
  const struct tile_ends beside = {sums, OUTER_WIDTH, sums, OUTER_WIDTH};
  if (columns > STRIP) {
    tile_packed(MAX_ROWS, OUTER_WIDTH / LANES, k, a, 1, MAX_ROWS, b, panel_stride, &beside);
  } else {
    tile_packed(MAX_ROWS, 2, k, a, 1, MAX_ROWS, b, panel_stride, &beside);
  }
  end_beside(rows, columns, &ends, OUTER_WIDTH, sums);
}

/// m <= OUTER_COLUMNS rows of C, with A packed in tiles and B in panels. `next` is the A of the next
/// call, which each tile fetches a share of.
static void outer_group(
    int m, int n, int k, const float *a, const float *b, bool accumulate, float *c, size_t ldc,
    const float *next, size_t lda) {
  const int tiles = (m + MAX_ROWS - 1) / MAX_ROWS * ((n + OUTER_WIDTH - 1) / OUTER_WIDTH);
  const int share = (k + tiles - 1) / tiles;
  int left = next ? k : 0;
  for (int column = 0; column < n; column += OUTER_WIDTH) {
    const int columns = n - column < OUTER_WIDTH ? n - column : OUTER_WIDTH;
    const float *panels = b + (size_t)column * (size_t)k;
    for (int row = 0; row < m; row += MAX_ROWS) {
      const int rows = m - row < MAX_ROWS ? m - row : MAX_ROWS;
      float *tile = c + (size_t)row * ldc + column;
      fetch(MAX_ROWS, columns, row + rows < m ? tile + MAX_ROWS * ldc : c + column + columns, ldc);
      outer_tile(rows, columns, k, a + (size_t)row * (size_t)k, panels, accumulate, tile, ldc);
      const int due = share < left ? share : left;
      if (due == 0) continue;
      fetch(due, OUTER_COLUMNS, next, lda);
      next += (size_t)due * lda;
      left -= due;
    }
  }
}

static void kernel_outer(
    int m, int n, int k, const float *a, int lda, const float *b, int ldb, bool accumulate, float *c,
    int ldc, float *scratch) {
  for (int row = 0; k == 0 && !accumulate && row < m; row++) {
    memset(c + (size_t)row * (size_t)ldc, 0, (size_t)n * sizeof(float));
  }
  if (n == 0) return;
  const int blocks = (k + OUTER_ROWS - 1) / OUTER_ROWS;
  for (int block = 0, rows; block < blocks; block++, k -= rows) {
    rows = k / (blocks - block);
    float *columns = scratch, *panels = scratch + (size_t)rows * OUTER_COLUMNS;
    pack_tiles(STRIP, n, rows, b, (size_t)ldb, panels);
    const float *next_block = block + 1 < blocks ? a + (size_t)rows * (size_t)lda : NULL;
    for (int row = 0; row < m; row += OUTER_COLUMNS) {
      const int count = m - row < OUTER_COLUMNS ? m - row : OUTER_COLUMNS;
      pack_tiles(MAX_ROWS, count, rows, a + row, (size_t)lda, columns);
      outer_group(
          count, n, rows, columns, panels, accumulate || block > 0,
          c + (size_t)row * (size_t)ldc, (size_t)ldc,
          row + count < m ? a + row + count : next_block, (size_t)lda);
    }
    a += (size_t)rows * (size_t)lda;
    b += (size_t)rows * (size_t)ldb;
  }
}
