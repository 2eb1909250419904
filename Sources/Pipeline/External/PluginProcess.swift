import CProcess
import Glibc

/// A program with its three streams on pipes, all of them served at once, so that neither side ever
/// waits for the other to read. When the value goes away, or anything failed, the program and all
/// that it started in its process group are killed, and the program is reaped.
final class PluginProcess {
  /// How long output may stay open after the program has ended: a child of it may hold it.
  private static let grace = 0.5

  private let name: String
  private var process: cprocess
  /// No process is there: not yet, or no longer.
  private var isStopped = true
  private var hasEnded = false
  private var relay: DiagnosticsRelay
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  /// Starts the program.
  /// - Throws: `PipelineError.pluginFailed`.
  init(
    program: String, arguments: [String], passing variables: [String],
    diagnostics: PluginDiagnostics
  ) throws {
    name = program
    relay = DiagnosticsRelay(name: program, diagnostics)
    process = cprocess(pid: 0, input: -1, output: -1, errors: -1, ended: -1)
    try PluginLaunch.check(program)
    let code = PluginLaunch.withCStrings([program] + arguments) { arguments in
      PluginLaunch.withCStrings(PluginLaunch.environment(passing: variables)) { environment in
        cprocess_start(program, arguments, environment, &process)
      }
    }
    guard code == 0 else { throw PluginLaunch.failure(program, code) }
    isStopped = false
  }

  deinit { stop() }

  /// Sends `input` and reads until the reply is complete; the program goes on.
  /// - Throws: `PipelineError.pluginFailed`; the program has then been killed.
  func exchange(
    _ input: [UInt8], into reply: inout some ReplyParser, deadline: Deadline
  ) throws {
    try guarding {
      guard try readOutput({ _ in throw ReplyFault("gave more records than it took") }) else {
        throw ReplyFault(try ended(before: deadline, reply.progress))
      }
      let isOpen = try serve(input, deadline, into: &reply) { $0.isComplete }
      guard isOpen else { throw ReplyFault(try ended(before: deadline, reply.progress)) }
    }
  }

  /// Sends `input` and the end of input, and reads until the program has ended.
  /// - Throws: `PipelineError.pluginFailed`; the program has then been killed.
  func exchangeOnce(
    _ input: [UInt8], into reply: inout some ReplyParser, deadline: Deadline
  ) throws {
    try guarding {
      _ = try serve(input, deadline, endsInput: true, into: &reply) { _ in false }
      let status = try waitForEnd(deadline)
      guard status == 0 else {
        throw ReplyFault("\(Self.words(for: status)) (\(reply.progress))")
      }
      try reply.finish()
    }
  }

  /// Ends the input and waits for the program to end without another word.
  func end(deadline: Deadline) throws {
    try guarding {
      var silence = Silence()
      _ = try serve([], deadline, endsInput: true, into: &silence) { _ in false }
      let status = try waitForEnd(deadline)
      guard status == 0 else { throw ReplyFault(Self.words(for: status)) }
    }
  }

  /// Kills the program with its group and reaps it.
  func stop() { _ = reap(forcing: true) }

  // MARK: - Errors

  private func guarding(_ body: () throws -> Void) throws {
    do {
      guard !isStopped else { throw ReplyFault("has ended") }
      try body()
    } catch let fault as ReplyFault {
      stop()
      let words = relay.lastLine.isEmpty ? "" : "; the last it said was: \(relay.lastLine)"
      throw PipelineError.pluginFailed(plugin: name, problem: fault.problem + words)
    }
  }

  private func ended(before deadline: Deadline, _ progress: String) throws -> String {
    let limit = Deadline(after: Self.grace).earlier(of: deadline)
    guard waits(for: process.ended, limit) else {
      return "closed its output too early (\(progress))"
    }
    return "\(Self.words(for: reap(forcing: false))) too early (\(progress))"
  }

  private static func words(for status: Int32) -> String {
    let signal = status & 0x7F
    guard signal != 0 else { return "ended with exit code \((status >> 8) & 0xFF)" }
    return "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
  }

  // MARK: - The end

  /// - Returns: the status of `waitpid`.
  private func waitForEnd(_ deadline: Deadline) throws -> Int32 {
    guard waits(for: process.ended, deadline) else {
      throw ReplyFault("closed its output but did not end within \(deadline.seconds) s")
    }
    return reap(forcing: false)
  }

  private func waits(for descriptor: Int32, _ deadline: Deadline) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while !deadline.hasPassed {
      if poll(&entry, 1, deadline.remaining) > 0 { return true }
    }
    return false
  }

  /// The group first: until its leader is reaped, nobody else can get its number.
  private func reap(forcing: Bool) -> Int32 {
    guard !isStopped else { return 0 }
    isStopped = true
    if !forcing { drainErrors() }
    relay.flush()
    cprocess_kill(process.pid)
    var status: Int32 = 0
    while waitpid(process.pid, &status, 0) < 0, errno == EINTR {}
    for descriptor in [process.input, process.output, process.errors, process.ended]
    where descriptor >= 0 { close(descriptor) }
    return status
  }

  private func drainErrors() { while (try? readErrors()) == true {} }

  // MARK: - Traffic

  /// Writes and reads until `isDone`, or the output ends, which gives `false`.
  private func serve<Reply: ReplyParser>(
    _ input: [UInt8], _ deadline: Deadline, endsInput: Bool = false, into reply: inout Reply,
    until isDone: (Reply) -> Bool
  ) throws -> Bool {
    var sent = 0
    var limit = deadline
    if endsInput, input.isEmpty { closeInput() }
    while !isDone(reply) || sent < input.count {
      guard !limit.hasPassed else { throw late(deadline, reply.progress) }
      let ready = waitForTraffic(wantsToWrite: sent < input.count, limit)
      if ready.ended {
        hasEnded = true
        limit = Deadline(after: Self.grace).earlier(of: deadline)
      }
      if ready.input {
        sent += try write(input[sent...])
        if sent == input.count, endsInput { closeInput() }
      }
      if ready.errors { _ = try readErrors() }
      guard ready.output else { continue }
      guard try readOutput({ try reply.take($0) }) else { return false }
    }
    return true
  }

  private func late(_ deadline: Deadline, _ progress: String) -> ReplyFault {
    hasEnded
      ? ReplyFault("ended, but something that it started holds its output open (\(progress))")
      : ReplyFault("gave no full answer within \(deadline.seconds) s (\(progress))")
  }

  private func waitForTraffic(
    wantsToWrite: Bool, _ deadline: Deadline
  ) -> (input: Bool, output: Bool, errors: Bool, ended: Bool) {
    var entries = [
      pollfd(fd: wantsToWrite ? process.input : -1, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: process.output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: process.errors, events: Int16(POLLIN), revents: 0),
      pollfd(fd: hasEnded ? -1 : process.ended, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&entries, nfds_t(entries.count), deadline.remaining) > 0 else {
      return (false, false, false, false)
    }
    let ready = entries.map { $0.revents != 0 }
    return (ready[0], ready[1], ready[2], ready[3])
  }

  private func write(_ bytes: ArraySlice<UInt8>) throws -> Int {
    let count = bytes.withUnsafeBytes {
      cprocess_write(process.input, $0.baseAddress, $0.count)
    }
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    // It reads no further; whether that is wrong shows in what it answers.
    closeInput()
    return 0
  }

  private func closeInput() {
    if process.input >= 0 { close(process.input) }
    process.input = -1
  }

  /// Reads what is there, at most one buffer.
  /// - Returns: `false` at the end of the output.
  private func readOutput(_ take: (UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Bool {
    let count = read(process.output, &buffer, buffer.count)
    if count > 0 {
      try buffer.withUnsafeBufferPointer {
        try take(UnsafeBufferPointer(rebasing: $0[..<count]))
      }
    }
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
  }

  /// - Returns: whether there may be more.
  private func readErrors() throws -> Bool {
    guard process.errors >= 0 else { return false }
    let count = read(process.errors, &buffer, buffer.count)
    if count > 0 {
      buffer.withUnsafeBufferPointer { relay.take(UnsafeBufferPointer(rebasing: $0[..<count])) }
      guard !relay.isFlooded else {
        throw ReplyFault("writes more than \(DiagnosticsRelay.limit) bytes to stderr")
      }
      return true
    }
    if count == 0 {
      close(process.errors)
      process.errors = -1
    }
    return false
  }
}

/// The programs that run as stages of this process.
package enum PluginProcesses {
  /// From now on they end with this process, children and all, also when a signal ends it: the command
  /// asks for that, since a library leaves the signals of its process alone.
  package static func endWithThisProcess() { cprocess_end_groups_with_this_process() }
}

/// What is read where nothing more is due.
private struct Silence: ReplyParser {
  let progress = "all its input had ended"
  let isComplete = true

  func take(_ block: UnsafeBufferPointer<UInt8>) throws {
    throw ReplyFault("gave more records than it took")
  }

  func finish() throws {}
}
