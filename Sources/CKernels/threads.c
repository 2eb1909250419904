#define _GNU_SOURCE
#include <sched.h>

#include "ckernels.h"

int seq_available_cores(void) {
  cpu_set_t cores;
  return sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
}
