import Glibc
import Pipeline

/// The loop of every filter: records in, one line out for each, in order.
struct RecordFilter {
  private let stream: StreamOptions

  init(_ stream: StreamOptions) { self.stream = stream }

  /// Runs until the end of the input.
  ///
  /// - Parameter makeWorker: makes the function that turns records into the lines to be written;
  ///   called once for each thread.
  func run(_ makeWorker: () throws -> (RecordChunk) throws -> [UInt8]) throws {
    hintAtTerminal()
    let reader = try RecordReader(files: stream.files, options: stream.recordOptions)
    let writer = RecordWriter(descriptor: STDOUT_FILENO)
    defer { reportMalformed(reader) }
    try OrderedPipeline(threads: Threads.count(stream.threads)).run(
      reader, to: writer, flushesEachChunk: stream.isInteractive, makeWorker: makeWorker)
  }

  private func hintAtTerminal() {
    let readsStandardInput = stream.files.isEmpty || stream.files.contains("-")
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
