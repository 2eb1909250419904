#define _GNU_SOURCE

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ckernels.h"

// The interface of CBLAS, whose header is not needed: the library is opened by name at the first
// product. Training pays for that, a command that starts to label one line does not.
enum { row_major = 101, not_transposed = 111, transposed = 112 };
typedef void (*sgemm_function)(
    int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a,
    int lda, const float *b, int ldb, float beta, float *c, int ldc);

static sgemm_function sgemm;

// OpenBLAS maps a buffer of 128 MiB for each thread that multiplies, and where the limit of addresses
// (ulimit -v) forbids that, it tries again for ever.
static bool has_room(void) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  size_t size = ((size_t)(cores > 1 ? cores : 1) * 136 + 64) << 20;
  void *room = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return room != MAP_FAILED && munmap(room, size) == 0;
}

static void open_blas(void) {
  if (!has_room()) return;
  // Shards of a batch are on threads already: OpenBLAS, which reads this as it is opened, shall not
  // start its own.
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  const char *names[] = {"libopenblas.so.0", "libopenblas.so", "libcblas.so.3", "libblas.so.3"};
  for (size_t i = 0; i < sizeof names / sizeof *names && !sgemm; i++) {
    void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) continue;
    sgemm = (sgemm_function)dlsym(library, "cblas_sgemm");
  }
}

bool seq_has_blas(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_blas);
  return sgemm != NULL;
}

void seq_gemm(
    bool transpose_a, bool transpose_b, int m, int n, int k, float alpha,
    const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc) {
  if (!seq_has_blas()) {
    seq_gemm_without_blas(
        transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    return;
  }
  sgemm(
      row_major, transpose_a ? transposed : not_transposed,
      transpose_b ? transposed : not_transposed, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void seq_gemm_without_blas(
    bool transpose_a, bool transpose_b, int m, int n, int k, float alpha,
    const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc) {
  for (int i = 0; i < m; i++) {
    float *row = c + (size_t)i * ldc;
    for (int j = 0; j < n; j++) row[j] = beta == 0 ? 0 : beta * row[j];
    for (int p = 0; p < k; p++) {
      float factor = alpha * (transpose_a ? a[(size_t)p * lda + i] : a[(size_t)i * lda + p]);
      if (transpose_b) {
        for (int j = 0; j < n; j++) row[j] += factor * b[(size_t)j * ldb + p];
      } else {
        for (int j = 0; j < n; j++) row[j] += factor * b[(size_t)p * ldb + j];
      }
    }
  }
}
