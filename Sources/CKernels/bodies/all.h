// Every kernel of one instruction set and their table, named KERNELS by the including file.
#include <math.h>

#include "../kernels.h"
#include "lanes.h"

#include "activations.h"
#include "gates.h"
#include "gemv.h"
#include "integers.h"
#include "loss.h"
#include "optimisers.h"
#include "packed.h"
#include "vectors.h"

// Built on packed.h.
#include "outer.h"

const struct seq_kernels KERNELS = {
#define X(result, name, parameters, arguments) .name = kernel_##name,
    SEQ_KERNELS(X)
#undef X
};
