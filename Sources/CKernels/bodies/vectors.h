// Element-wise functions, sums and rows of tables.

static void kernel_tanh(size_t n, const float *x, float *y) {
  FOR_LANES(j, count, n, { store(y + j, hyperbolic_tangent(load(x + j, count)), count); });
}

static void kernel_sigmoid(size_t n, const float *x, float *y) {
  FOR_LANES(j, count, n, { store(y + j, logistic(load(x + j, count)), count); });
}

static void kernel_exp(size_t n, const float *x, float *y) {
  FOR_LANES(j, count, n, { store(y + j, exponential(load(x + j, count)), count); });
}

static void kernel_add(size_t n, const float *x, float *y) {
  FOR_LANES(j, count, n, { store(y + j, load(y + j, count) + load(x + j, count), count); });
}

static void kernel_axpy(size_t n, float a, const float *x, float *y) {
  FOR_LANES(j, count, n, { store(y + j, load(x + j, count) * a + load(y + j, count), count); });
}

static void kernel_scale(size_t n, float a, float *x) {
  FOR_LANES(j, count, n, { store(x + j, load(x + j, count) * a, count); });
}

static void kernel_max(size_t n, const float *x, float *y) {
  FOR_LANES(j, count, n, {
    const vec a = load(x + j, count);
    const vec b = load(y + j, count);
    store(y + j, a > b ? a : b, count);
  });
}

static void kernel_max_from(size_t n, const float *x, float *y, int32_t row, int32_t *rows) {
  FOR_LANES(j, count, n, {
    const vec a = load(x + j, count);
    const vec b = load(y + j, count);
    const ivec old = as_int(load((const float *)rows + j, count));
    store(y + j, a > b ? a : b, count);
    store((float *)rows + j, as_float(a > b ? (ivec)row : old), count);
  });
}

/// sum += x^2. (By address: a dvec is wider than a register.)
INLINE void add_square(dvec *sum, vec x) {
  const dvec v = __builtin_convertvector(x, dvec);
  *sum += v * v;
}

static double kernel_sum_squares(size_t n, const float *x) {
  // Two sums, since each addition waits for the one before.
  dvec even = 0;
  dvec odd = 0;
  const size_t paired = n - n % (2 * LANES);
  for (size_t j = 0; j < paired; j += 2 * LANES) {
    add_square(&even, load(x + j, LANES));
    add_square(&odd, load(x + j + LANES, LANES));
  }
  even += odd;
  FOR_LANES(j, count, n - paired, { add_square(&even, load(x + paired + j, count)); });
  return lane_sum(&even);
}

// Rows in turn, a few at a time: down one column of a long matrix, each row would be on a page of its own.
static void kernel_add_rows(int n, int k, const float *x, int ldx, float *y) {
  for (int first = 0, rows; first < n; first += rows, x += (size_t)rows * (size_t)ldx) {
    rows = n - first < 8 ? n - first : 8;
    FOR_LANES(j, count, k, {
      vec sum = load(y + j, count);
      for (int row = 0; row < rows; row++) sum += load(x + (size_t)row * (size_t)ldx + j, count);
      store(y + j, sum, count);
    });
  }
}

static void kernel_gather_rows(
    int n, int k, const float *table, int ldt, const int32_t *ids, float *out, int ldo) {
  for (int row = 0; row < n; row++, out += ldo) {
    if (ids[row] < 0) {
      memset(out, 0, (size_t)k * sizeof(float));
    } else {
      memcpy(out, table + (size_t)ids[row] * (size_t)ldt, (size_t)k * sizeof(float));
    }
  }
}

static void kernel_scatter_add_rows(
    int n, int k, const float *rows, int ldr, const int32_t *ids, float *table, int ldt) {
  for (int row = 0; row < n; row++, rows += ldr) {
    if (ids[row] >= 0) kernel_add((size_t)k, rows, table + (size_t)ids[row] * (size_t)ldt);
  }
}
