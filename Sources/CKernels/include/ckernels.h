/// Float32 kernels of the recurrent networks: matrix products, recurrent steps, losses, vectors.
///
/// * Every matrix is row-major; `ldx` is the distance in floats between two rows of `x`. Letters:
///   n rows (records of a batch), h hidden units, k columns or inner size, G gates of a cell.
/// * Nothing is allocated, nothing is checked: sizes are >= 0 and the caller owns every buffer.
/// * An output may be the very same buffer as an input of the same shape and stride (not an
///   overlapping one), unless a comment says otherwise.
/// * The instruction set (AVX-512 with and without VNNI, AVX2, portable) is chosen at run time. On one instruction set
///   equal inputs give equal bits, whatever the alignment, the thread or the other rows (the
///   BLAS behind `seq_gemm` promises only the thread).
/// * exp, tanh and sigmoid are our own: NaN gives NaN, the limits at +-infinity are exact.
#ifndef SEQTOOL_CKERNELS_H
#define SEQTOOL_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Instruction sets

/// In rising order of preference.
enum seq_instruction_set { SEQ_PORTABLE, SEQ_AVX2, SEQ_AVX512, SEQ_AVX512_VNNI };

/// The set that the calling thread uses: at first the best one this machine has.
enum seq_instruction_set seq_current_instruction_set(void);

/// Makes the calling thread, and no other, use this set from now on, to compare sets or to get the
/// bits of another machine; false, and no change, if this machine lacks it.
bool seq_use_instruction_set(enum seq_instruction_set set);

// MARK: Threads

/// For a loop that waits for another thread: lets the processor rest for some cycles.
static inline void seq_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// MARK: Matrix products

/// C[m,n] = alpha op(A) op(B) + beta C, with op(A) [m,k] and op(B) [k,n]; op transposes when asked.
/// The BLAS does the work on the calling thread alone; safe from several threads at once. It is
/// opened at the first product; where there is none, `seq_gemm_without_blas` does the work.
/// C must not overlap A or B. With beta = 0 C is not read.
void seq_gemm(
    bool transpose_a, bool transpose_b, int m, int n, int k, float alpha,
    const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);

/// The same by plain loops, many times slower.
void seq_gemm_without_blas(
    bool transpose_a, bool transpose_b, int m, int n, int k, float alpha,
    const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);

/// Whether a BLAS (OpenBLAS, or another with the C interface) was found. Opens it.
bool seq_has_blas(void);

/// Floats needed to pack weights of n outputs and k inputs: k times n rounded up to whole panels.
size_t seq_packed_count(int n, int k);

/// Packs weights for `seq_gemm_packed` on the same instruction set: into panels of two vectors of outputs,
/// the last one padded with zeros.
/// W is [n,k] as PyTorch stores a layer (y = x W^T) or, `transposed`, [k,n] (y = x W).
/// `packed` (a multiple of 64 bytes is fastest) has `seq_packed_count(n, k)` floats.
void seq_pack(bool transposed, int n, int k, const float *w, int ldw, float *packed);

/// C[m,n] = A[m,k] packed + (accumulate ? C : bias ? bias[n] : 0). Every element is one chain of
/// multiply-adds over k = 0, 1, ... that starts at the added term, so that a row's result
/// depends neither on m nor on the other rows. C must not overlap A.
void seq_gemm_packed(
    int m, int n, int k, const float *a, int lda, const float *packed, const float *bias,
    bool accumulate, float *c, int ldc);

/// y[n] = x[k] W + (accumulate ? y : 0) without packing, where weights meet one row: W is [n,k] (y = x W^T) or,
/// `transposed`, [k,n]. An element depends on no other. y must not overlap x.
void seq_gemv(
    bool transposed, int n, int k, const float *x, const float *w, int ldw, bool accumulate, float *y);

/// How many floats `seq_outer` wants as scratch.
size_t seq_outer_scratch(int n, int k);

/// C[m,n] = A^T B + (accumulate ? C : 0), with A [k,m] and B [k,n]: the sum of the outer products of their rows,
/// which is the gradient of a weight. Every element is one chain of multiply-adds over the rows in their order
/// that starts at the added term. C must overlap neither A nor B.
void seq_outer(
    int m, int n, int k, const float *a, int lda, const float *b, int ldb, bool accumulate, float *c,
    int ldc, float *scratch);

// MARK: Products that threads share

/// C[m,n] = A[m,k] W + (accumulate ? C : bias ? bias[n] : 0), cut into parts of the outputs, which changes no bit:
/// by `seq_gemm_packed`, or, where W has a stride (`ldw` > 0), by `seq_gemv`, with m = 1 and without a bias.
struct seq_shared_product {
  int m, n, k;
  const float *a;
  int lda;
  const float *w;
  int ldw;
  bool transposed;
  const float *bias;
  bool accumulate;
  float *c;
  int ldc;
  /// How many parts were begun, by anyone and by helpers; 0 at first.
  int begun, begun_by_helpers;
};

/// How many threads can have a part.
int seq_shared_product_parts(const struct seq_shared_product *product);

/// Computes parts that nobody has begun, from the first output on: for the thread that waits for the product.
void seq_shared_product_run(struct seq_shared_product *product);

/// The same from the last output back, for other threads; `product` is a `struct seq_shared_product`.
void seq_shared_product_help(void *product);

// MARK: Products with weights of fewer bits

/// y = x rounded to bf16, the upper half of a float: to the nearest, halfway to even.
void seq_round_bf16(size_t n, const float *x, uint16_t *y);

/// `seq_gemm_packed` with packed weights rounded by `seq_round_bf16`: the sums are those of floats.
void seq_gemm_bf16(
    int m, int n, int k, const float *a, int lda, const uint16_t *packed, const float *bias,
    bool accumulate, float *c, int ldc);

/// The most inputs for which sums of 8-bit products fit 32 bits.
#define SEQ_INT8_MAX_INPUTS 65536

/// Bytes of weights packed for `seq_gemm_int8`: k rounded up to 4 times n rounded up to 32.
size_t seq_int8_count(int n, int k);

/// Packs weights (as `seq_pack` takes them) as integers q of -127...127 with w = scales[output] q;
/// `weight_sums` receives the sum of each output's q. A row that is not finite has the scale NaN.
void seq_pack_int8(
    bool transposed, int n, int k, const float *w, int ldw, int8_t *packed, float *scales,
    int32_t *weight_sums);

/// Bytes of m rows of k inputs as integers.
size_t seq_quantized_rows_bytes(int m, int k);

/// Rounds each row of A[m,k] to integers q of -127...127 with a = row_scales[row] q, in a form that only
/// the same instruction set reads.
void seq_quantize_rows(int m, int k, const float *a, int lda, void *rows, float *row_scales);

/// C[m,n] = A packed + (accumulate ? C : bias ? bias[n] : 0) of rows by `seq_quantize_rows` and weights by
/// `seq_pack_int8`. The sums over k are exact.
void seq_gemm_int8(
    int m, int n, int k, const void *rows, const float *row_scales, const int8_t *packed,
    const float *scales, const int32_t *weight_sums, const float *bias, bool accumulate, float *c,
    int ldc);

// MARK: Recurrent steps
// x [n,G*h] is the input part of the pre-activations with its biases, r [n,G*h] (contiguous) the
// recurrent part with its biases. Every other matrix [n,h], [n,3h], [n,4h] is contiguous too,
// unless it has a stride.

/// For each row of a step, the rows that it takes of x, of r and of the previous state: so sequences can share
/// them. NULL: row i takes row i.
struct seq_step_rows {
  const int32_t *x, *r, *previous;
};

/// LSTM, gates i f g o: c = f c_prev + i g, h_out = o tanh(c). `gates` [n,4h] receives the activated
/// gates and `tanh_c` [n,h] tanh(c), for the backward step; both may be NULL. c may be c_prev where each row
/// takes its own.
void seq_lstm_step(
    int n, int h, struct seq_step_rows rows, const float *x, int ldx, const float *r,
    const float *c_prev, float *gates, float *tanh_c, float *c, float *h_out);

/// Backward of `seq_lstm_step`. `d_h` [n,h] is the gradient of h_out; `d_c` [n,h] holds the gradient
/// of c that comes from the future and receives that of c_prev; `d_gates` [n,4h] receives the
/// gradient of the pre-activations.
void seq_lstm_step_backward(
    int n, int h, const float *gates, const float *tanh_c, const float *c_prev, const float *d_h,
    float *d_c, float *d_gates, int ldd);

/// GRU, gates r z n: r, z = sigmoid, n = tanh(x_n + r r_n), h_out = (1 - z) n + z h_prev.
/// `gates` [n,4h] receives r z n and the recurrent part r_n; it may be NULL. h_out may be h_prev where each row
/// takes its own.
void seq_gru_step(
    int n, int h, struct seq_step_rows rows, const float *x, int ldx, const float *r,
    const float *h_prev, float *gates, float *h_out);

/// Backward of `seq_gru_step`. `d_h` [n,h] is the gradient of h_out; `d_x` [n,3h] receives the
/// gradient of the input part, `d_r` [n,3h] that of the recurrent part (its n block times r);
/// `d_h_prev` [n,h] receives d_h z: the rest of that gradient is d_r W_hh.
void seq_gru_step_backward(
    int n, int h, const float *gates, const float *h_prev, const float *d_h, float *d_x, int ldd,
    float *d_r, float *d_h_prev);

/// Elman network: h_out = tanh(x + r), or max(x + r, 0) with `relu`.
void seq_rnn_step(
    bool relu, int n, int h, struct seq_step_rows rows, const float *x, int ldx, const float *r,
    float *h_out);

/// Backward of `seq_rnn_step`: d_pre = d_h (1 - h_out^2), or d_h where h_out > 0, else 0.
void seq_rnn_step_backward(
    bool relu, int n, int h, const float *h_out, const float *d_h, float *d_pre, int ldd);

// MARK: Losses

/// x[n,k] becomes its log-softmax row by row: x - max - log(sum exp(x - max)).
void seq_log_softmax(int n, int k, float *x);

/// Softmax cross-entropy: loss[n] = -log p(target) in nats, d[n,k] = (p - onehot(target)) scale.
/// A row with a negative target is ignored: its loss and its gradient are 0. d may be logits.
/// Every target is < k. A non-finite row gives a non-finite loss.
void seq_cross_entropy(
    int n, int k, const float *logits, const int32_t *targets, float scale, float *d, double *loss);

// MARK: Vectors

/// y = tanh(x), element by element, to a relative 4e-7, within -1...1. tanh(+-0) = +-0.
void seq_tanh(size_t n, const float *x, float *y);
/// y = 1 / (1 + exp(-x)), to an absolute 2.5e-7, within 0...1.
void seq_sigmoid(size_t n, const float *x, float *y);
/// y = exp(x), to a relative 3e-7: 0 and infinity beyond float's range, subnormal results rounded.
void seq_exp(size_t n, const float *x, float *y);
/// y += x.
void seq_add(size_t n, const float *x, float *y);
/// y += a x.
void seq_axpy(size_t n, float a, const float *x, float *y);
/// x *= a.
void seq_scale(size_t n, float a, float *x);
/// y = max(x, y).
void seq_max(size_t n, const float *x, float *y);
/// The same, and rows = `row` where x was the larger.
void seq_max_from(size_t n, const float *x, float *y, int32_t row, int32_t *rows);
/// Sum of x^2, added in double in a fixed order.
double seq_sum_squares(size_t n, const float *x);
/// y[k] += the sum of the rows of x[n,k], in order of rows.
void seq_add_rows(int n, int k, const float *x, int ldx, float *y);
/// out[i] = table[ids[i]], rows of k floats; a negative id gives a row of zeros.
void seq_gather_rows(
    int n, int k, const float *table, int ldt, const int32_t *ids, float *out, int ldo);
/// table[ids[i]] += rows[i] for i = 0, 1, ..., rows of k floats; a negative id is skipped.
void seq_scatter_add_rows(
    int n, int k, const float *rows, int ldr, const int32_t *ids, float *table, int ldt);

// MARK: Optimisers

/// One pass of Adam as PyTorch defines it, over n parameters, with g' = grad_scale g:
///   decoupled (AdamW): w *= 1 - lr weight_decay; else g' += weight_decay w
///   m = beta1 m + (1 - beta1) g', v = beta2 v + (1 - beta2) g'^2
///   w -= lr / bias1 * m / (sqrt(v / bias2) + eps)
/// with bias1 = 1 - beta1^t and bias2 = 1 - beta2^t for step t = 1, 2, ...
void seq_adam(
    size_t n, float *w, const float *g, float *m, float *v, float lr, float beta1, float beta2,
    float eps, float bias1, float bias2, float weight_decay, bool decoupled, float grad_scale);

#endif
