// Kernels for any CPU that clang's vectors map to: SSE2 on x86-64, NEON on aarch64.
#define LANES 4
#define MAX_ROWS 4
#define MAX_VECTORS 4
#define TILE_VECTORS(rows) ((rows) == 1 ? 4 : 2)
#define MAX_INT_VECTORS 4
#define INT_VECTORS(rows) 4
#define KERNELS seq_kernels_portable
#include "bodies/all.h"
