// Kernels for x86-64 with AVX2 and FMA: 16 registers of 8 floats.
#if defined(__x86_64__)
#include <immintrin.h>
#define LANES 8
#define MAX_ROWS 6
#define MAX_VECTORS 8
#define TILE_VECTORS(rows) ((rows) == 1 ? 8 : (rows) == 2 ? 4 : 2)
#define MAX_INT_VECTORS 8
#define INT_VECTORS(rows) ((rows) == 1 ? 8 : (rows) == 2 ? 4 : 2)
#define KERNELS seq_kernels_avx2
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "bodies/all.h"
#pragma clang attribute pop
#endif
