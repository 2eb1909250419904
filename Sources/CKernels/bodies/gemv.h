// One row times a matrix that is not packed. Every weight is read once, so the speed is that of the cache they
// come from: whole rows of weights, four at a time.

typedef float quad __attribute__((ext_vector_type(4)));

/// The lanes in four sums.
INLINE quad folded(vec x) {
#if LANES == 16
  typedef float half __attribute__((ext_vector_type(8)));
  const half y = x.lo + x.hi;
  return y.lo + y.hi;
#elif LANES == 8
  return x.lo + x.hi;
#else
  return x;
#endif
}

/// The sum of the lanes of each of four vectors.
INLINE quad lane_sums(const vec x[4]) {
  const quad a = folded(x[0]), b = folded(x[1]), c = folded(x[2]), d = folded(x[3]);
  const quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const quad cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/// y = x W^T + (accumulate ? y : 0): scalar products.
static void row_times_rows(
    int n, int k, const float *x, const float *w, size_t ldw, bool accumulate, float *y) {
  for (int j = 0, rows; j < n; j += rows, w += 4 * ldw) {
    rows = n - j < 4 ? n - j : 4;
    // The last row stands in for those that are missing.
    const size_t last = (size_t)(rows - 1);
    const float *row[4] = {
        w, w + (last < 1 ? last : 1) * ldw, w + (last < 2 ? last : 2) * ldw, w + last * ldw};
    vec sums[4] = {splat(0), splat(0), splat(0), splat(0)};
    FOR_LANES(p, count, k, {
      const vec input = load(x + p, count);
      sums[0] += input * load(row[0] + p, count);
      sums[1] += input * load(row[1] + p, count);
      sums[2] += input * load(row[2] + p, count);
      sums[3] += input * load(row[3] + p, count);
    });
    const quad sum = lane_sums(sums);
    for (int i = 0; i < rows; i++) y[j + i] = sum[i] + (accumulate ? y[j + i] : 0);
  }
}

/// y = x W + (accumulate ? y : 0): every element is one chain over the rows of W.
static void row_times_columns(
    int n, int k, const float *x, const float *w, size_t ldw, bool accumulate, float *y) {
  if (!accumulate) memset(y, 0, (size_t)n * sizeof(float));
  int p = 0;
  for (; p + 4 <= k; p += 4, w += 4 * ldw) {
    const vec a = splat(x[p]), b = splat(x[p + 1]), c = splat(x[p + 2]), d = splat(x[p + 3]);
    FOR_LANES(j, count, n, {
      vec sum = load(y + j, count) + a * load(w + j, count);
      sum += b * load(w + ldw + j, count);
      sum += c * load(w + 2 * ldw + j, count);
      sum += d * load(w + 3 * ldw + j, count);
      store(y + j, sum, count);
    });
  }
  for (; p < k; p++, w += ldw) {
    const vec a = splat(x[p]);
    FOR_LANES(j, count, n, { store(y + j, load(y + j, count) + a * load(w + j, count), count); });
  }
}

static void kernel_gemv(
    bool transposed, int n, int k, const float *x, const float *w, int ldw, bool accumulate, float *y) {
  if (transposed) {
    row_times_columns(n, k, x, w, (size_t)ldw, accumulate, y);
  } else {
    row_times_rows(n, k, x, w, (size_t)ldw, accumulate, y);
  }
}
