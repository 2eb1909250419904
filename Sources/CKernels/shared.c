// Products of a few rows on several threads: each takes parts of the outputs until none is left. The one that
// waits takes them from the front and helpers from the back, so that a thread mostly meets weights that are in its
// own caches.
#include "ckernels.h"

// Multiplications and additions that pay for telling another thread: one to two microseconds.
#define PART_OPERATIONS (1 << 15)
#define MAX_PARTS 4

/// Outputs of a part: whole panels of packed weights on every instruction set.
static int part_size(const struct seq_shared_product *p) {
  const double parts = (double)p->m * p->n * p->k / PART_OPERATIONS;
  const int count = parts < 2 ? 1 : parts > MAX_PARTS ? MAX_PARTS : (int)parts;
  return ((p->n + count - 1) / count + 31) / 32 * 32;
}

int seq_shared_product_parts(const struct seq_shared_product *p) {
  return (p->n + part_size(p) - 1) / part_size(p);
}

static void run_part(const struct seq_shared_product *p, int first, int size) {
  const int n = p->n - first < size ? p->n - first : size;
  float *c = p->c + first;
  if (p->ldw == 0) {
    seq_gemm_packed(
        p->m, n, p->k, p->a, p->lda, p->w + (size_t)first * (size_t)p->k,
        p->bias ? p->bias + first : NULL, p->accumulate, c, p->ldc);
  } else {
    const float *w = p->w + (size_t)first * (size_t)(p->transposed ? 1 : p->ldw);
    seq_gemv(p->transposed, n, p->k, p->a, w, p->ldw, p->accumulate, c);
  }
}

/// Whether a part was left; it is the caller's then.
static bool begin(struct seq_shared_product *p, int parts) {
  return __atomic_load_n(&p->begun, __ATOMIC_RELAXED) < parts
      && __atomic_fetch_add(&p->begun, 1, __ATOMIC_RELAXED) < parts;
}

void seq_shared_product_run(struct seq_shared_product *p) {
  const int size = part_size(p), parts = seq_shared_product_parts(p);
  for (int part = 0; begin(p, parts); part++) run_part(p, part * size, size);
}

void seq_shared_product_help(void *product) {
  struct seq_shared_product *p = product;
  const int size = part_size(p), parts = seq_shared_product_parts(p);
  while (begin(p, parts)) {
    const int part = parts - 1 - __atomic_fetch_add(&p->begun_by_helpers, 1, __ATOMIC_RELAXED);
    run_part(p, part * size, size);
  }
}
