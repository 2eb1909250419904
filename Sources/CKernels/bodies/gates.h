// The element-wise part of a recurrent step, forward and backward. A row at a time, a vector of
// hidden units at a time; every gate's slice of a row starts at a multiple of h.

/// The row of a matrix that row i of a step takes.
INLINE const float *row_for(const float *matrix, size_t ld, const int32_t *rows, int i) {
  return matrix + (size_t)(rows ? rows[i] : i) * ld;
}

static void kernel_lstm_step(
    int n, int h, struct seq_step_rows rows, const float *all_x, int ldx, const float *all_r,
    const float *all_c, float *gates, float *tanh_c, float *c, float *h_out) {
  for (int row = 0; row < n; row++) {
    const float *x = row_for(all_x, (size_t)ldx, rows.x, row);
    const float *r = row_for(all_r, 4 * (size_t)h, rows.r, row);
    const float *c_prev = row_for(all_c, (size_t)h, rows.previous, row);
    FOR_LANES(j, count, h, {
      const vec i = logistic(load(x + j, count) + load(r + j, count));
      const vec f = logistic(load(x + h + j, count) + load(r + h + j, count));
      const vec g = hyperbolic_tangent(load(x + 2 * h + j, count) + load(r + 2 * h + j, count));
      const vec o = logistic(load(x + 3 * h + j, count) + load(r + 3 * h + j, count));
      const vec cell = f * load(c_prev + j, count) + i * g;
      const vec squashed = hyperbolic_tangent(cell);
      store(c + j, cell, count);
      store(h_out + j, o * squashed, count);
      if (gates) {
        store(gates + j, i, count);
        store(gates + h + j, f, count);
        store(gates + 2 * h + j, g, count);
        store(gates + 3 * h + j, o, count);
      }
      if (tanh_c) store(tanh_c + j, squashed, count);
    });
    c += h;
    h_out += h;
    if (gates) gates += 4 * h;
    if (tanh_c) tanh_c += h;
  }
}

static void kernel_lstm_step_backward(
    int n, int h, const float *gates, const float *tanh_c, const float *c_prev, const float *d_h,
    float *d_c, float *d_gates, int ldd) {
  for (int row = 0; row < n; row++) {
    FOR_LANES(j, count, h, {
      const vec i = load(gates + j, count);
      const vec f = load(gates + h + j, count);
      const vec g = load(gates + 2 * h + j, count);
      const vec o = load(gates + 3 * h + j, count);
      const vec squashed = load(tanh_c + j, count);
      const vec d = load(d_h + j, count);
      const vec d_cell = d * o * (1.0f - squashed * squashed) + load(d_c + j, count);
      store(d_gates + j, d_cell * g * i * (1.0f - i), count);
      store(d_gates + h + j, d_cell * load(c_prev + j, count) * f * (1.0f - f), count);
      store(d_gates + 2 * h + j, d_cell * i * (1.0f - g * g), count);
      store(d_gates + 3 * h + j, d * squashed * o * (1.0f - o), count);
      store(d_c + j, d_cell * f, count);
    });
    gates += 4 * h;
    tanh_c += h;
    c_prev += h;
    d_h += h;
    d_c += h;
    d_gates += ldd;
  }
}

static void kernel_gru_step(
    int n, int h, struct seq_step_rows rows, const float *all_x, int ldx, const float *all_r,
    const float *all_h, float *gates, float *h_out) {
  for (int row = 0; row < n; row++) {
    const float *x = row_for(all_x, (size_t)ldx, rows.x, row);
    const float *r = row_for(all_r, 3 * (size_t)h, rows.r, row);
    const float *h_prev = row_for(all_h, (size_t)h, rows.previous, row);
    FOR_LANES(j, count, h, {
      const vec reset = logistic(load(x + j, count) + load(r + j, count));
      const vec update = logistic(load(x + h + j, count) + load(r + h + j, count));
      const vec recurrent = load(r + 2 * h + j, count);
      const vec fresh = hyperbolic_tangent(load(x + 2 * h + j, count) + reset * recurrent);
      store(h_out + j, update * (load(h_prev + j, count) - fresh) + fresh, count);
      if (gates) {
        store(gates + j, reset, count);
        store(gates + h + j, update, count);
        store(gates + 2 * h + j, fresh, count);
        store(gates + 3 * h + j, recurrent, count);
      }
    });
    h_out += h;
    if (gates) gates += 4 * h;
  }
}

static void kernel_gru_step_backward(
    int n, int h, const float *gates, const float *h_prev, const float *d_h, float *d_x, int ldd,
    float *d_r, float *d_h_prev) {
  for (int row = 0; row < n; row++) {
    FOR_LANES(j, count, h, {
      const vec reset = load(gates + j, count);
      const vec update = load(gates + h + j, count);
      const vec fresh = load(gates + 2 * h + j, count);
      const vec recurrent = load(gates + 3 * h + j, count);
      const vec d = load(d_h + j, count);
      const vec d_fresh = d * (1.0f - update) * (1.0f - fresh * fresh);
      const vec d_update = d * (load(h_prev + j, count) - fresh) * update * (1.0f - update);
      const vec d_reset = d_fresh * recurrent * reset * (1.0f - reset);
      store(d_x + j, d_reset, count);
      store(d_x + h + j, d_update, count);
      store(d_x + 2 * h + j, d_fresh, count);
      store(d_r + j, d_reset, count);
      store(d_r + h + j, d_update, count);
      store(d_r + 2 * h + j, d_fresh * reset, count);
      store(d_h_prev + j, d * update, count);
    });
    gates += 4 * h;
    h_prev += h;
    d_h += h;
    d_x += ldd;
    d_r += 3 * h;
    d_h_prev += h;
  }
}

static void kernel_rnn_step(
    bool relu, int n, int h, struct seq_step_rows rows, const float *all_x, int ldx,
    const float *all_r, float *h_out) {
  for (int row = 0; row < n; row++) {
    const float *x = row_for(all_x, (size_t)ldx, rows.x, row);
    const float *r = row_for(all_r, (size_t)h, rows.r, row);
    FOR_LANES(j, count, h, {
      const vec sum = load(x + j, count) + load(r + j, count);
      const vec y = relu ? (sum < 0.0f ? splat(0) : sum) : hyperbolic_tangent(sum);
      store(h_out + j, y, count);
    });
    h_out += h;
  }
}

static void kernel_rnn_step_backward(
    bool relu, int n, int h, const float *h_out, const float *d_h, float *d_pre, int ldd) {
  for (int row = 0; row < n; row++) {
    FOR_LANES(j, count, h, {
      const vec y = load(h_out + j, count);
      const vec d = load(d_h + j, count);
      const vec d_sum = relu ? (y > 0.0f ? d : splat(0)) : d * (1.0f - y * y);
      store(d_pre + j, d_sum, count);
    });
    h_out += h;
    d_h += h;
    d_pre += ldd;
  }
}
