#define _GNU_SOURCE
#include <string.h>

#include "CFuzz.h"

ptrdiff_t fuzz_find(const void *needle, size_t needle_size, const void *hay, size_t hay_size) {
  const char *found = memmem(hay, hay_size, needle, needle_size);
  return found ? found - (const char *)hay : -1;
}
