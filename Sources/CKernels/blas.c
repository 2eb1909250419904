#include <cblas.h>
#include <pthread.h>

#include "ckernels.h"

// seqtool puts shards of a batch on threads, so a product stays on the thread that asks for it.
static void keep_to_calling_thread(void) { openblas_set_num_threads(1); }

void seq_gemm(
    bool transpose_a, bool transpose_b, int m, int n, int k, float alpha,
    const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, keep_to_calling_thread);
  cblas_sgemm(
      CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
      transpose_b ? CblasTrans : CblasNoTrans, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
