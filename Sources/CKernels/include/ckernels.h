#ifndef SEQTOOL_CKERNELS_H
#define SEQTOOL_CKERNELS_H
#include <stddef.h>
#include <stdint.h>
/// Keeps the BLAS to the calling thread: seqtool puts shards of a batch on threads instead.
void seq_blas_single_thread(void);
#endif
