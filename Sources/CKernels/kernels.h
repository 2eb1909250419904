// The kernels that exist once per instruction set, and the table of one set.
#pragma once

#include "ckernels.h"

/// Outputs per panel of 8-bit weights, whatever the instruction set.
#define INT_PANEL 32

/// x = size q for integers q of -127...127; q = x inverse, rounded.
struct int8_scale {
  float size, inverse;
};

/// The scale of numbers of which `largest` is the greatest absolute value. Those too small to have an
/// inverse count as zeros, and what is not finite has the size NaN.
static inline struct int8_scale int8_scale(float largest, bool is_finite) {
  const float inverse = 127 / largest;
  if (!is_finite) return (struct int8_scale){__builtin_nanf(""), 0};
  if (largest == 0 || inverse > 3e38f) return (struct int8_scale){0, 0};
  return (struct int8_scale){largest / 127, inverse};
}

/// X(result, name, parameters, arguments), one row per kernel.
#define SEQ_KERNELS(X)                                                                            \
  X(int, panel_width, (void), ())                                                                 \
  X(void, pack, (bool transposed, int n, int k, const float *w, int ldw, float *packed),          \
    (transposed, n, k, w, ldw, packed))                                                           \
  X(void, gemm_packed,                                                                            \
    (int m, int n, int k, const float *a, int lda, const float *packed, const float *bias,        \
     bool accumulate, float *c, int ldc),                                                         \
    (m, n, k, a, lda, packed, bias, accumulate, c, ldc))                                          \
  X(void, gemv,                                                                                   \
    (bool transposed, int n, int k, const float *x, const float *w, int ldw, bool accumulate,     \
     float *y),                                                                                   \
    (transposed, n, k, x, w, ldw, accumulate, y))                                                 \
  X(size_t, outer_scratch, (int n, int k), (n, k))                                                \
  X(void, outer,                                                                                  \
    (int m, int n, int k, const float *a, int lda, const float *b, int ldb, bool accumulate,      \
     float *c, int ldc, float *scratch),                                                          \
    (m, n, k, a, lda, b, ldb, accumulate, c, ldc, scratch))                                       \
  X(void, round_bf16, (size_t n, const float *x, uint16_t *y), (n, x, y))                         \
  X(void, gemm_bf16,                                                                              \
    (int m, int n, int k, const float *a, int lda, const uint16_t *packed, const float *bias,     \
     bool accumulate, float *c, int ldc),                                                         \
    (m, n, k, a, lda, packed, bias, accumulate, c, ldc))                                          \
  X(void, quantize_rows,                                                                          \
    (int m, int k, const float *a, int lda, void *rows, float *row_scales),                       \
    (m, k, a, lda, rows, row_scales))                                                             \
  X(void, gemm_int8,                                                                              \
    (int m, int n, int k, const void *rows, const float *row_scales, const int8_t *packed,        \
     const float *scales, const int32_t *weight_sums, const float *bias, bool accumulate,         \
     float *c, int ldc),                                                                          \
    (m, n, k, rows, row_scales, packed, scales, weight_sums, bias, accumulate, c, ldc))           \
  X(void, lstm_step,                                                                              \
    (int n, int h, struct seq_step_rows rows, const float *x, int ldx, const float *r,            \
     const float *c_prev, float *gates, float *tanh_c, float *c, float *h_out),                   \
    (n, h, rows, x, ldx, r, c_prev, gates, tanh_c, c, h_out))                                     \
  X(void, lstm_step_backward,                                                                     \
    (int n, int h, const float *gates, const float *tanh_c, const float *c_prev,                  \
     const float *d_h, float *d_c, float *d_gates, int ldd),                                      \
    (n, h, gates, tanh_c, c_prev, d_h, d_c, d_gates, ldd))                                        \
  X(void, gru_step,                                                                               \
    (int n, int h, struct seq_step_rows rows, const float *x, int ldx, const float *r,            \
     const float *h_prev, float *gates, float *h_out),                                            \
    (n, h, rows, x, ldx, r, h_prev, gates, h_out))                                                \
  X(void, gru_step_backward,                                                                      \
    (int n, int h, const float *gates, const float *h_prev, const float *d_h, float *d_x,         \
     int ldd, float *d_r, float *d_h_prev),                                                       \
    (n, h, gates, h_prev, d_h, d_x, ldd, d_r, d_h_prev))                                          \
  X(void, rnn_step,                                                                               \
    (bool relu, int n, int h, struct seq_step_rows rows, const float *x, int ldx, const float *r, \
     float *h_out),                                                                               \
    (relu, n, h, rows, x, ldx, r, h_out))                                                         \
  X(void, rnn_step_backward,                                                                      \
    (bool relu, int n, int h, const float *h_out, const float *d_h, float *d_pre, int ldd),       \
    (relu, n, h, h_out, d_h, d_pre, ldd))                                                         \
  X(void, log_softmax, (int n, int k, float *x), (n, k, x))                                       \
  X(void, cross_entropy,                                                                          \
    (int n, int k, const float *logits, const int32_t *targets, float scale, float *d,            \
     double *loss),                                                                               \
    (n, k, logits, targets, scale, d, loss))                                                      \
  X(void, tanh, (size_t n, const float *x, float *y), (n, x, y))                                  \
  X(void, sigmoid, (size_t n, const float *x, float *y), (n, x, y))                               \
  X(void, exp, (size_t n, const float *x, float *y), (n, x, y))                                   \
  X(void, add, (size_t n, const float *x, float *y), (n, x, y))                                   \
  X(void, axpy, (size_t n, float a, const float *x, float *y), (n, a, x, y))                      \
  X(void, scale, (size_t n, float a, float *x), (n, a, x))                                        \
  X(void, max, (size_t n, const float *x, float *y), (n, x, y))                                   \
  X(void, max_from, (size_t n, const float *x, float *y, int32_t row, int32_t *rows),             \
    (n, x, y, row, rows))                                                                         \
  X(double, sum_squares, (size_t n, const float *x), (n, x))                                      \
  X(void, add_rows, (int n, int k, const float *x, int ldx, float *y), (n, k, x, ldx, y))         \
  X(void, gather_rows,                                                                            \
    (int n, int k, const float *table, int ldt, const int32_t *ids, float *out, int ldo),         \
    (n, k, table, ldt, ids, out, ldo))                                                            \
  X(void, scatter_add_rows,                                                                       \
    (int n, int k, const float *rows, int ldr, const int32_t *ids, float *table, int ldt),        \
    (n, k, rows, ldr, ids, table, ldt))                                                           \
  X(void, adam,                                                                                   \
    (size_t n, float *w, const float *g, float *m, float *v, float lr, float beta1, float beta2,  \
     float eps, float bias1, float bias2, float weight_decay, bool decoupled, float grad_scale),  \
    (n, w, g, m, v, lr, beta1, beta2, eps, bias1, bias2, weight_decay, decoupled, grad_scale))

struct seq_kernels {
#define X(result, name, parameters, arguments) result(*name) parameters;
  SEQ_KERNELS(X)
#undef X
};

extern const struct seq_kernels seq_kernels_portable;
#if defined(__x86_64__)
extern const struct seq_kernels seq_kernels_avx2, seq_kernels_avx512, seq_kernels_avx512vnni;
#endif
