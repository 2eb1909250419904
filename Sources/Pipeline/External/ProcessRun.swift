/// Runs a program as a stage from text to text. The program and its replies are not trusted to be
/// right: it cannot hang, flood, outlive or mislead this process (see `docs/plugins.md`).
///
/// Each runner has a process of its own, so programs run in parallel; order is the runner's.
public struct ProcessRun: Stage {
  /// How records travel.
  public enum Mode: String, Codable, Hashable, Sendable, CaseIterable {
    /// A fresh process for each chunk: records in, end of input, as many records out, end. Fits
    /// every filter that treats each line alone.
    case lines
    /// One process for the stream: it must flush its output after each record.
    case stream
    /// One process for the stream, and the protocol of numbered records.
    case records
  }

  /// What ends a record in the modes `lines` and `stream`.
  public enum Framing: String, Codable, Hashable, Sendable, CaseIterable {
    case lf, nul

    var delimiter: UInt8 { self == .lf ? 0x0A : 0 }
  }

  public struct Options: StageOptions {
    public var program = ""
    public var arguments: [String] = []
    public var mode = Mode.lines
    public var framing = Framing.lf
    /// Seconds for one chunk.
    public var timeLimit = 60.0
    /// Seconds for the handshake.
    public var startLimit = 10.0
    /// Bytes of one record of a reply.
    public var maxRecord = 16 << 20
    /// How often in the life of a runner a process that failed is replaced and asked again.
    public var restarts = 0
    /// Names of variables that the program gets besides the usual ones.
    public var environment: [String] = []

    public init() {}
  }

  public static let descriptor = StageDescriptor(
    id: "process.run@1", summary: "Run a program on the records", input: .text, output: .text,
    door: .program,
    options: [
      OptionDescriptor("program", "Path of the program, with a slash in it"),
      OptionDescriptor("arguments", "Its arguments; no shell takes part"),
      OptionDescriptor(
        "mode", "A process for each chunk, one for the stream, or the protocol of records",
        choices: Mode.allCases.map(\.rawValue)),
      OptionDescriptor(
        "framing", "What ends a record in the modes lines and stream",
        choices: Framing.allCases.map(\.rawValue)),
      OptionDescriptor("timeLimit", "Seconds for one chunk"),
      OptionDescriptor("startLimit", "Seconds for the handshake"),
      OptionDescriptor("maxRecord", "Bytes of one record of a reply"),
      OptionDescriptor("restarts", "How often a process that failed is replaced"),
      OptionDescriptor("environment", "Names of further variables that the program gets"),
    ])

  public let options: Options
  /// Where the program's stderr goes, line by line.
  package var diagnostics = PluginDiagnostics.standardError

  /// - Throws: `PipelineError.malformedOption`. Whether the program can run is seen when it runs.
  public init(options: Options, resources: ResourceReader = ResourceReader()) throws {
    self.options = options
    guard options.program.utf8.contains(UInt8(ascii: "/")) else {
      throw Self.malformed("program", "must be a path with a slash in it, as in ./fix.awk")
    }
    let words = [options.program] + options.arguments + options.environment
    guard !words.contains(where: { $0.utf8.contains(0) }) else {
      throw Self.malformed("arguments", "must not contain NUL")
    }
    for (name, limit) in [("timeLimit", options.timeLimit), ("startLimit", options.startLimit)] {
      guard limit > 0, limit <= 86_400 else {
        throw Self.malformed(name, "must be more than 0 and at most 86400 seconds")
      }
    }
    guard 1...(1 << 30) ~= options.maxRecord else {
      throw Self.malformed("maxRecord", "must be 1 to 1073741824 bytes")
    }
    guard 0...1000 ~= options.restarts else {
      throw Self.malformed("restarts", "must be 0 to 1000")
    }
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    ProcessRunner(
      options: options, tracksOffsets: context.tracksOffsets, diagnostics: diagnostics)
  }

  private static func malformed(_ name: String, _ problem: String) -> PipelineError {
    .malformedOption(stage: descriptor.id, name: name, problem: problem)
  }
}
