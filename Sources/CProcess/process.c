#define _GNU_SOURCE
#include "cprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "groups.h"

struct request {
  const char *path;
  char *const *arguments;
  char *const *environment;
  int streams[3];
  pid_t pid;
  int error;
  bool done;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct request *pending;
static bool has_launcher;

/// In the child, on the parent's memory: nothing but system calls, and `error` is the answer.
static void run(struct request *request, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before it asked for the signal.
  if (getppid() != parent) _exit(127);
  for (int stream = 0; stream < 3; stream++) {
    if (dup2(request->streams[stream], stream) < 0) {
      request->error = errno;
      _exit(127);
    }
  }
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(request->path, request->arguments, request->environment);
  request->error = errno;
  _exit(127);
}

// vfork: the size of this process does not matter, no atfork handler of another library runs, and
// the parent goes on once the program has been executed or has failed to be.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static void launch(struct request *request) {
  pid_t parent = getpid();
  request->error = 0;
  pid_t child = vfork();
  if (child == 0) run(request, parent);
  request->pid = child;
  if (child < 0) {
    request->error = errno;
  } else if (request->error != 0) {
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
  }
}
#pragma GCC diagnostic pop

static void *serve(void *unused) {
  (void)unused;
  // No handler of this process may run in a child that shares its memory.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  pthread_mutex_lock(&lock);
  while (true) {
    while (pending == NULL || pending->done) pthread_cond_wait(&changed, &lock);
    launch(pending);
    pending->done = true;
    pthread_cond_broadcast(&changed);
  }
  return NULL;
}

static int start_launcher(void) {
  if (has_launcher) return 0;
  pthread_t thread;
  int error = pthread_create(&thread, NULL, serve, NULL);
  if (error != 0) return error;
  pthread_detach(thread);
  has_launcher = true;
  return 0;
}

static int ask(struct request *request) {
  pthread_mutex_lock(&lock);
  int error = start_launcher();
  if (error == 0) {
    while (pending != NULL) pthread_cond_wait(&changed, &lock);
    pending = request;
    pthread_cond_broadcast(&changed);
    while (!request->done) pthread_cond_wait(&changed, &lock);
    pending = NULL;
    pthread_cond_broadcast(&changed);
    error = request->error;
  }
  pthread_mutex_unlock(&lock);
  return error;
}

/// A pipe with neither end among the three streams, so that `dup2` in the child overwrites none.
static int make_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  for (int i = 0; i < 2; i++) {
    if (ends[i] > 2) continue;
    int moved = fcntl(ends[i], F_DUPFD_CLOEXEC, 3);
    int error = errno;
    close(ends[i]);
    ends[i] = moved;
    if (moved >= 0) continue;
    close(ends[1 - i]);
    return error;
  }
  return 0;
}

int cprocess_start(
    const char *path, char *const arguments[], char *const environment[],
    struct cprocess *process) {
  int pipes[3][2];
  int error = 0;
  int made = 0;
  while (made < 3 && (error = make_pipe(pipes[made])) == 0) made++;
  struct request request = {.path = path, .arguments = arguments, .environment = environment};
  if (error == 0) {
    request.streams[0] = pipes[0][0];
    request.streams[1] = pipes[1][1];
    request.streams[2] = pipes[2][1];
    error = ask(&request);
  }
  for (int i = 0; i < made; i++) {
    int ours = i == 0 ? pipes[i][1] : pipes[i][0];
    close(i == 0 ? pipes[i][0] : pipes[i][1]);
    if (error != 0) close(ours);
    else fcntl(ours, F_SETFL, O_NONBLOCK);
  }
  if (error != 0) return error;
  cprocess_remember(request.pid);
  *process = (struct cprocess){
      .pid = request.pid,
      .input = pipes[0][1],
      .output = pipes[1][0],
      .errors = pipes[2][0],
      .ended = (int)syscall(SYS_pidfd_open, request.pid, 0),
  };
  return 0;
}

ssize_t cprocess_write(int descriptor, const void *bytes, size_t count) {
  sigset_t pipe_signal, before, waiting;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&waiting);
  bool was_waiting = sigismember(&waiting, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  ssize_t written = write(descriptor, bytes, count);
  int error = errno;
  if (written < 0 && error == EPIPE && !was_waiting) {
    struct timespec at_once = {0};
    while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR) {}
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = error;
  return written;
}
