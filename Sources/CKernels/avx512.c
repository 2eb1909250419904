// Kernels for x86-64 with AVX-512 (F, BW, CD, DQ, VL): 32 registers of 16 floats.
#if defined(__x86_64__)
#include <immintrin.h>
#define LANES 16
#define MAX_ROWS 6
#define MAX_VECTORS 8
#define TILE_VECTORS(rows) ((rows) <= 2 ? 8 : 4)
#define MAX_INT_VECTORS 4
#define INT_VECTORS(rows) 4
#define KERNELS seq_kernels_avx512
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#include "bodies/all.h"
#pragma clang attribute pop
#endif
