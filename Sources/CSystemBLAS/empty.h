// cblas.h is included by CKernels alone; this target only carries the pkg-config flags.
