import Glibc
import Pipeline

/// The loop of every filter: records in, one line out for each, in order.
struct RecordFilter {
  private let stream: StreamOptions
  /// What is read: the command's own FILEs unless said otherwise.
  var files: [String]
  /// A part of one file, which is read instead.
  var shard: FileShard?

  init(_ stream: StreamOptions) {
    self.stream = stream
    files = stream.files
  }

  /// Runs until the end of the input.
  ///
  /// - Parameter makeWorker: makes the function that turns records into the lines to be written;
  ///   called once for each thread.
  func run(_ makeWorker: () throws -> (RecordChunk) throws -> [UInt8]) throws {
    try withReader { reader in
      try OrderedPipeline(threads: threads).run(
        reader, to: RecordWriter(), flushesEachChunk: stream.isInteractive, makeWorker: makeWorker)
    }
  }

  /// Runs until the end of the input.
  ///
  /// - Parameters:
  ///   - source: from what gives chunks as they are read to what gives them as they are worked on.
  ///   - makeWorker: as above.
  func run(
    through source: (@escaping () throws -> RecordChunk?) -> () throws -> RecordChunk?,
    makeWorker: () throws -> (RecordChunk) throws -> [UInt8]
  ) throws {
    try withReader { reader in
      try OrderedPipeline(threads: threads).run(
        next: source(reader.next), to: RecordWriter(), flushesEachChunk: stream.isInteractive,
        makeWorker: makeWorker)
    }
  }

  /// Records, and what the head of a chain makes of them.
  typealias Batch = (records: RecordChunk, payload: any Payload)

  /// Runs records through a chain's head, which may drop some, and then as `run` does.
  func run(
    through head: Chain?, _ context: RunContext, to writer: RecordWriter,
    _ makeWorker: () throws -> (Batch) throws -> [UInt8]
  ) throws {
    try withReader { reader in
      var next = { try reader.next().map { ($0, $0.text) as Batch } }
      if let head {
        let source = try HeadReader(head, context: context, next: reader.next)
        next = source.nextChunk
      }
      try OrderedPipeline(threads: threads).run(
        next: next, to: writer, flushesEachChunk: stream.isInteractive, makeWorker: makeWorker)
    }
  }

  /// Runs a worker with two outputs: lines for stdout, and bytes for a second writer.
  func run(
    beside second: RecordWriter,
    _ makeWorker: () throws -> (RecordChunk) throws -> (lines: [UInt8], second: [UInt8])
  ) throws {
    let writer = RecordWriter()
    let flushes = stream.isInteractive
    try withReader { reader in
      try OrderedPipeline(threads: threads).run(reader, makeWorker: makeWorker) {
        try second.write($0.second)
        try writer.write($0.lines)
        if flushes { try writer.flush() }
      }
    }
    try second.flush()
    try writer.flush()
  }

  /// How many threads work.
  var threads: Int { Threads.count(stream.threads) }

  /// Opens the input, and says at the end what was malformed in it.
  func withReader(_ body: (RecordReader) throws -> Void) throws {
    hintAtTerminal()
    let options = stream.recordOptions
    let reader =
      try shard.map { try RecordReader(shard: $0, options: options) }
      ?? RecordReader(files: files, options: options)
    defer { reportMalformed(reader) }
    try body(reader)
  }

  /// Runs until the end of the input, and writes nothing.
  ///
  /// - Parameter makeWorker: makes the function that uses up the records; called once for each
  ///   thread, with the number of threads.
  func consume(_ makeWorker: (Int) throws -> (RecordChunk) throws -> Void) throws {
    try withReader { reader in
      try OrderedPipeline(threads: threads).run(
        reader, makeWorker: { try makeWorker(threads) }, emit: { () in })
    }
  }

  private func hintAtTerminal() {
    let readsStandardInput = files.isEmpty || files.contains("-")
    guard readsStandardInput, !stream.quiet, isatty(STDIN_FILENO) == 1 else { return }
    StandardError.note("reading what you type, line by line (end with Ctrl-D; --help explains)")
  }

  private func reportMalformed(_ reader: RecordReader) {
    let count = reader.malformedCount
    guard count > 0, !stream.quiet else { return }
    let records = count == 1 ? "1 record" : "\(count) records"
    let fate = stream.invalid == .skip ? "left out" : "read with U+FFFD in its place"
    StandardError.note("malformed UTF-8 in \(records), \(fate) (--invalid sets what is done)")
  }
}

/// How many threads an option asks for.
enum Threads {
  /// - Parameter asked: 0 is one for each core.
  static func count(_ asked: Int) -> Int {
    asked > 0 ? min(asked, 1024) : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }
}
