#include "ckernels.h"
#include <cblas.h>
void seq_blas_single_thread(void) { openblas_set_num_threads(1); }
