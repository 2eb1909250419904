#ifndef CFUZZ_H
#define CFUZZ_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own mutations of the `size` bytes at `data`, which has room for `capacity`; gives the
/// new size.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);

/// A descriptor of a file that exists in memory only, or -1.
int fuzz_memory_file(void);

/// Where `needle` begins in `hay`, or -1.
ptrdiff_t fuzz_find(const void *needle, size_t needle_size, const void *hay, size_t hay_size);

#endif
