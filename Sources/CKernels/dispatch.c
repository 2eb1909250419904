// The public functions: each calls its kernel for the instruction set in use.
#include <stddef.h>

#include "kernels.h"

static const struct seq_kernels *table(enum seq_instruction_set set) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (set == SEQ_AVX512_VNNI && __builtin_cpu_supports("x86-64-v4")
      && __builtin_cpu_supports("avx512vnni")) {
    return &seq_kernels_avx512vnni;
  }
  if (set == SEQ_AVX512 && __builtin_cpu_supports("x86-64-v4")) return &seq_kernels_avx512;
  if (set == SEQ_AVX2 && __builtin_cpu_supports("x86-64-v3")) return &seq_kernels_avx2;
#endif
  return set == SEQ_PORTABLE ? &seq_kernels_portable : NULL;
}

// Per thread, so that a comparison of two sets disturbs nobody else.
static _Thread_local const struct seq_kernels *chosen;

static const struct seq_kernels *kernels(void) {
  for (int set = SEQ_AVX512_VNNI; !chosen; set--) chosen = table((enum seq_instruction_set)set);
  return chosen;
}

bool seq_use_instruction_set(enum seq_instruction_set set) {
  const struct seq_kernels *wanted = table(set);
  if (wanted) chosen = wanted;
  return wanted != NULL;
}

enum seq_instruction_set seq_current_instruction_set(void) {
  enum seq_instruction_set set = SEQ_AVX512_VNNI;
  while (set > SEQ_PORTABLE && table(set) != kernels()) set--;
  return set;
}

size_t seq_packed_count(int n, int k) {
  const size_t width = (size_t)kernels()->panel_width();
  return ((size_t)n + width - 1) / width * width * (size_t)k;
}

#define X(result, name, parameters, arguments) \
  result seq_##name parameters { return kernels()->name arguments; }
SEQ_KERNELS(X)
#undef X
