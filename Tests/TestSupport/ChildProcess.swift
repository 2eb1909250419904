import Glibc
import Synchronization

/// A child with its three streams on pipes, all of them served at once: a child that floods one
/// while nobody reads the other would wait for ever.
struct ChildProcess {
  private let process: pid_t
  private let stdin: Int32
  private let stdout: Int32
  private let stderr: Int32

  /// Held from the making of pipes to the start of the child: another child, started in between
  /// by another test, would hold our ends open.
  private static let startLock = Mutex(())

  init(_ path: String, _ arguments: [String], environment: [String], folder: String) throws {
    self = try Self.startLock.withLock { _ in
      try Self(starting: path, arguments, environment: environment, folder: folder)
    }
  }

  private init(
    starting path: String, _ arguments: [String], environment: [String], folder: String
  ) throws {
    // A child that ends early must not take the test runner with it.
    signal(SIGPIPE, SIG_IGN)
    let input = try Self.pipe()
    let output = try Self.pipe()
    let errors = try Self.pipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.read, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.write, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // The threads that run tests block signals, which a child would inherit.
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    // A group of its own, so that the time limit ends a shell's children too.
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

    var process = pid_t()
    // `env` changes the folder, for only newer C libraries let a spawn do it.
    let launcher = "/usr/bin/env"
    let words = [launcher, "--chdir=\(folder)", path] + arguments
    let code = Self.withCStrings(words) { argv in
      Self.withCStrings(environment) { envp in
        posix_spawn(&process, launcher, &actions, &attributes, argv, envp)
      }
    }
    for descriptor in [input.read, output.write, errors.write] { Glibc.close(descriptor) }
    guard code == 0 else {
      for descriptor in [input.write, output.read, errors.read] { Glibc.close(descriptor) }
      throw SystemFailure("cannot run \(path)", code)
    }
    self.process = process
    (stdin, stdout, stderr) = (input.write, output.read, errors.read)
    _ = fcntl(stdin, F_SETFL, O_NONBLOCK)
  }

  /// Feeds `input`, drains both streams, waits for the end.
  mutating func communicate(_ input: [UInt8], timeLimit: Int) throws -> BinaryResult {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var sent = 0
    var polls = [
      pollfd(fd: stdin, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: stdout, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stderr, events: Int16(POLLIN), revents: 0),
    ]
    if input.isEmpty { Self.close(&polls[0]) }
    let deadline = Self.now() + timeLimit
    var isLate = false
    while polls.contains(where: { $0.fd >= 0 }) && !isLate {
      poll(&polls, nfds_t(polls.count), 1000)
      if polls[0].fd >= 0 && polls[0].revents != 0 {
        let count = input[sent...].withUnsafeBytes { write(stdin, $0.baseAddress, $0.count) }
        if count > 0 { sent += count }
        if sent == input.count || (count < 0 && errno != EAGAIN) { Self.close(&polls[0]) }
      }
      if polls[1].fd >= 0 && polls[1].revents != 0 { Self.drain(&polls[1], into: &output) }
      if polls[2].fd >= 0 && polls[2].revents != 0 { Self.drain(&polls[2], into: &errors) }
      isLate = Self.now() > deadline
    }
    if isLate { kill(-process, SIGKILL) }
    for i in polls.indices where polls[i].fd >= 0 { Self.close(&polls[i]) }
    return BinaryResult(
      stdout: output, stderr: errors, end: isLate ? wait(.timeLimit) : wait(nil))
  }

  private func wait(_ known: BinaryResult.End?) -> BinaryResult.End {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    if let known { return known }
    let signal = status & 0x7F
    return signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal)
  }

  private static func drain(_ poll: inout pollfd, into bytes: inout [UInt8]) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(poll.fd, &buffer, buffer.count)
    if count > 0 { bytes += buffer[..<count] }
    if count == 0 || (count < 0 && errno != EINTR) { close(&poll) }
  }

  private static func close(_ poll: inout pollfd) {
    Glibc.close(poll.fd)
    poll.fd = -1
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }

  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw SystemFailure("pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
