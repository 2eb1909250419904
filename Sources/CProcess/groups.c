// The process groups of the programs that run, so that they can end with this process.
#define _GNU_SOURCE
#include "cprocess.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "groups.h"

// Looked through by a signal handler, so without a lock. What finds no room is not ended with this
// process, except for the program itself.
static _Atomic pid_t groups[4096];
static const size_t room = sizeof groups / sizeof *groups;

void cprocess_remember(pid_t group) {
  for (size_t i = 0; i < room; i++) {
    pid_t none = 0;
    if (atomic_compare_exchange_strong(&groups[i], &none, group)) return;
  }
}

void cprocess_kill(pid_t pid) {
  kill(-pid, SIGKILL);
  for (size_t i = 0; i < room; i++) {
    pid_t group = pid;
    if (atomic_compare_exchange_strong(&groups[i], &group, 0)) return;
  }
}

static void end_groups(void) {
  for (size_t i = 0; i < room; i++) {
    pid_t group = atomic_load(&groups[i]);
    if (group > 0) kill(-group, SIGKILL);
  }
}

static void end(int number) {
  end_groups();
  raise(number);
}

void cprocess_end_groups_with_this_process(void) {
  atexit(end_groups);
  const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction before;
    if (sigaction(numbers[i], NULL, &before) != 0 || before.sa_handler != SIG_DFL) continue;
    // Once, and with nothing held back: the raised signal ends this process as it would have.
    struct sigaction action = {.sa_handler = end, .sa_flags = SA_RESETHAND | SA_NODEFER};
    sigaction(numbers[i], &action, NULL);
  }
}
