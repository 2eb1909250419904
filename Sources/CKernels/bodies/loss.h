// Softmax and its cross-entropy, row by row.

INLINE float largest(int k, const float *x) {
  vec best = splat(-INFINITY);
  FOR_LANES(j, count, k, {
    vec v = load(x + j, count);
    if (count < LANES) v = padded(v, count, -INFINITY);
    best = v > best ? v : best;
  });
  float result = best[0];
  for (int lane = 1; lane < LANES; lane++) result = best[lane] > result ? best[lane] : result;
  return result;
}

/// y = exp(x - shift), if there is a y; returns the sum. A NaN anywhere makes the sum NaN.
INLINE double exponentials(int k, const float *x, float shift, float *y) {
  dvec sum = 0;
  FOR_LANES(j, count, k, {
    vec e = exponential(load(x + j, count) - shift);
    if (y) store(y + j, e, count);
    if (count < LANES) e = padded(e, count, 0);
    sum += __builtin_convertvector(e, dvec);
  });
  return lane_sum(&sum);
}

static void kernel_log_softmax(int n, int k, float *x) {
  for (int row = 0; row < n; row++, x += k) {
    const float shift = largest(k, x);
    const float log_sum = (float)log(exponentials(k, x, shift, NULL));
    FOR_LANES(j, count, k, { store(x + j, load(x + j, count) - shift - log_sum, count); });
  }
}

static void kernel_cross_entropy(
    int n, int k, const float *logits, const int32_t *targets, float scale, float *d,
    double *loss) {
  for (int row = 0; row < n; row++, logits += k, d += k) {
    const int32_t target = targets[row];
    if (target < 0) {
      memset(d, 0, (size_t)k * sizeof(float));
      loss[row] = 0;
      continue;
    }
    const float shift = largest(k, logits);
    const double margin = (double)shift - (double)logits[target];
    const double sum = exponentials(k, logits, shift, d);
    const float probability_scale = (float)(scale / sum);
    FOR_LANES(j, count, k, { store(d + j, load(d + j, count) * probability_scale, count); });
    d[target] -= scale;
    loss[row] = log(sum) + margin;
  }
}
