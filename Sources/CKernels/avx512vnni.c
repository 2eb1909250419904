// Kernels for x86-64 with AVX-512 as in avx512.c, and its products of 8-bit integers (VNNI).
#if defined(__x86_64__)
#include <immintrin.h>
#define LANES 16
#define INT8_DOT
#define MAX_ROWS 6
#define MAX_VECTORS 8
#define TILE_VECTORS(rows) ((rows) <= 2 ? 8 : 4)
#define MAX_INT_VECTORS 2
#define INT_VECTORS(rows) 2
#define KERNELS seq_kernels_avx512vnni
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,avx512vnni"))), apply_to = function)
#include "bodies/all.h"
#pragma clang attribute pop
#endif
