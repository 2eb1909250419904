#ifndef CPROCESS_H
#define CPROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A running program with its three streams on pipes; the parent's ends are not blocking and are
/// closed in every other program that starts later.
struct cprocess {
  pid_t pid;
  int input;
  int output;
  int errors;
  /// Readable once the program has ended; -1 where the kernel has no such thing.
  int ended;
};

/// Starts the program at `path` as the leader of a process group of its own, with no descriptor but
/// its streams, with default signal handling, and with SIGKILL for it should this process die.
///
/// The program is started by a thread that lives as long as this process: the kernel takes the
/// death of the *thread* that started a program for the death of its parent.
///
/// Returns 0, or the errno of what failed (of `execve`, too).
int cprocess_start(
    const char *path, char *const arguments[], char *const environment[], struct cprocess *process);

/// Kills a started program and all that is in its group. Its status is still to be waited for.
void cprocess_kill(pid_t pid);

/// From now on the groups of all started programs are killed when this process exits or is ended by
/// SIGHUP, SIGINT, SIGQUIT, SIGPIPE or SIGTERM, each of which does what it did before, as far as that
/// was the default.
void cprocess_end_groups_with_this_process(void);

/// As `write`, but a reader that is gone gives EPIPE and never SIGPIPE, whatever this process does
/// about that signal.
ssize_t cprocess_write(int descriptor, const void *bytes, size_t count);

/// Makes `free` keep up to 256 MiB for the next `malloc`, in place of handing it back to the system.
void cprocess_keep_freed_memory(void);

#endif
