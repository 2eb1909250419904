// A BLAS that gives one wrong number, for nonfinite.py: it stands in front of the real one under its name. The
// FAULT_CALL-th product of the process gets the value FAULT_VALUE at FAULT_PLACE (a share of its elements);
// how many products there were is written to FAULT_COUNT at the end.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

typedef void (*sgemm_function)(
    int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);

static long calls;

static void __attribute__((destructor)) say_count(void) {
  const char *path = getenv("FAULT_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (file) {
    fprintf(file, "%ld\n", calls);
    fclose(file);
  }
}

void cblas_sgemm(
    int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a,
    int lda, const float *b, int ldb, float beta, float *c, int ldc) {
  static sgemm_function real;
  if (!real) real = (sgemm_function)dlsym(dlopen(getenv("REAL_BLAS"), RTLD_NOW | RTLD_LOCAL), "cblas_sgemm");
  real(order, transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  const char *call = getenv("FAULT_CALL");
  if (++calls != (call ? atol(call) : 0) || m == 0 || n == 0) return;
  const long place = (long)(atof(getenv("FAULT_PLACE")) * m * n);
  c[place / n * ldc + place % n] = strtof(getenv("FAULT_VALUE"), NULL);
}
