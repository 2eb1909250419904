/// One stream through a program: starts it, talks with it in its mode, replaces it where it failed.
struct ProcessRunner: StageRunner {
  private let options: ProcessRun.Options
  private let tracksOffsets: Bool
  private let diagnostics: PluginDiagnostics
  private var process: PluginProcess?
  private var restartsLeft: Int
  /// The number of the next record in the stream.
  private var number = 0

  init(options: ProcessRun.Options, tracksOffsets: Bool, diagnostics: PluginDiagnostics) {
    self.options = options
    self.tracksOffsets = tracksOffsets
    self.diagnostics = diagnostics
    restartsLeft = options.restarts
  }

  mutating func consume(_ chunk: TextChunk) throws -> TextChunk {
    guard chunk.count > 0 else { return chunk }
    try checkFraming(of: chunk)
    var replies = try attempts(chunk)
    if let problem = ReplyCheck.problem(in: replies, to: chunk) {
      process = nil
      throw failure(problem)
    }
    if tracksOffsets { replies.alignment = ReplyCheck.alignment(of: replies, to: chunk) }
    number += chunk.count
    return replies
  }

  mutating func finish() throws -> TextChunk? {
    defer { process = nil }
    try process?.end(deadline: Deadline(after: options.timeLimit))
    return nil
  }

  /// Nothing of a failed attempt is given on, so no record is lost or doubled by a restart.
  private mutating func attempts(_ chunk: TextChunk) throws -> TextChunk {
    while true {
      do {
        return try attempt(chunk)
      } catch {
        process = nil
        guard restartsLeft > 0 else { throw error }
        restartsLeft -= 1
      }
    }
  }

  private mutating func attempt(_ chunk: TextChunk) throws -> TextChunk {
    switch options.mode {
    case .lines:
      let process = try start()
      var replies = LineReplies(to: chunk, options)
      try process.exchangeOnce(
        framed(chunk), into: &replies, deadline: Deadline(after: options.timeLimit))
      return replies.records
    case .stream:
      let process = try running()
      var replies = LineReplies(to: chunk, options)
      try process.exchange(
        framed(chunk), into: &replies, deadline: Deadline(after: options.timeLimit))
      return replies.records
    case .records:
      let process = try running()
      var replies = RecordReplies(to: chunk, from: number, options)
      try process.exchange(
        RecordProtocol.message(chunk, from: number), into: &replies,
        deadline: Deadline(after: options.timeLimit))
      return replies.records
    }
  }

  private func start() throws -> PluginProcess {
    try PluginProcess(
      program: options.program, arguments: options.arguments, passing: options.environment,
      diagnostics: diagnostics)
  }

  private mutating func running() throws -> PluginProcess {
    if let process { return process }
    let started = try start()
    if options.mode == .records {
      var answer = HandshakeReply()
      try started.exchange(
        RecordProtocol.greeting, into: &answer, deadline: Deadline(after: options.startLimit))
    }
    process = started
    return started
  }

  private func framed(_ chunk: TextChunk) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(chunk.bytes.count + chunk.count)
    for record in 0..<chunk.count {
      bytes.append(contentsOf: chunk.bytes[chunk.range(record)])
      bytes.append(options.framing.delimiter)
    }
    return bytes
  }

  private func checkFraming(of chunk: TextChunk) throws {
    guard options.mode != .records, chunk.bytes.contains(options.framing.delimiter) else { return }
    for record in 0..<chunk.count
    where chunk.bytes[chunk.range(record)].contains(options.framing.delimiter) {
      let (what, other) = options.framing == .lf ? ("a line feed", "nul") : ("NUL", "lf")
      throw failure(
        "record \(number + record + 1) has \(what) inside, which would cut it in two "
          + "(framing \(other) or mode records can carry it)")
    }
  }

  private func failure(_ problem: String) -> PipelineError {
    .pluginFailed(plugin: options.program, problem: problem)
  }
}
