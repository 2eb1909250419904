import Glibc

extension PipelineError {
  /// One line: `FILE:LINE:OFFSET: what is wrong (what to do)`.
  public var description: String {
    switch self {
    case .duplicateResource, .missingResource, .malformedResource, .malformedJSON,
      .malformedModel, .malformedText, .wrongEncoding, .recordTooLong, .malformedLabelled,
      .malformedImage, .malformedValue, .limitExceeded:
      dataDescription
    case .cannotOpen, .cannotRead, .cannotCreate, .cannotWrite, .notARegularFile,
      .unfaithfulStorage, .outputClosed, .outputFailed, .cannotStartThread:
      systemDescription
    default: chainDescription
    }
  }

  private var dataDescription: String {
    switch self {
    case .duplicateResource(let name): "resource \(quoted(name)) is written twice"
    case .missingResource(let name): "resource \(quoted(name)) is missing"
    case .malformedResource(let name, let problem): "resource \(quoted(name)) \(problem)"
    case .malformedJSON(let offset, let problem): "JSON, byte \(offset): \(problem)"
    case .malformedModel(let file, let place, let problem):
      "\(Escaping.printable(file)):\(Escaping.printable(place)): \(problem)"
    case .malformedText(let file, let line, let offset):
      "\(Escaping.printable(file)):\(line):\(offset): malformed UTF-8 "
        + "(--invalid replace puts U+FFFD there, --invalid skip leaves the record out)"
    case .wrongEncoding(let file, let encoding):
      "\(Escaping.printable(file)):1:1: the text is \(encoding) "
        + "(convert it to UTF-8 first, as iconv does)"
    case .recordTooLong(let file, let line, let limit):
      "\(Escaping.printable(file)):\(line): the record is longer than \(limit) bytes "
        + "(--max-record sets the limit)"
    case .malformedLabelled(let file, let line, let problem):
      "\(Escaping.printable(file)):\(line): \(problem)"
    case .malformedImage(let file, let problem): "\(Escaping.printable(file)): \(problem)"
    case .malformedValue(let problem), .limitExceeded(let problem): problem
    default: ""
    }
  }

  private var chainDescription: String {
    switch self {
    case .duplicateStage(let id): "stage \(quoted(id)) is registered twice"
    case .unknownStage(let id, let known):
      "unknown stage \(quoted(id)) \(Nearest.hint(for: id, among: known))"
    case .unknownOption(let stage, let name, let known):
      "\(Escaping.printable(stage)): unknown option \(quoted(name)) "
        + Nearest.hint(for: name, among: known)
    case .malformedOption(let stage, let name, let problem):
      "\(Escaping.printable(stage)): option \(quoted(name)) \(problem)"
    case .missingOption(let stage, let name):
      "\(Escaping.printable(stage)): option \(quoted(name)) is missing "
        + "(a saved pipeline says every option)"
    case .malformedPipeline(let problem): "the pipeline \(problem)"
    case .malformedPipelineFile(let place, let problem):
      "\(Escaping.printable(place)): \(Escaping.printable(problem, limit: 2048))"
    case .emptyChain: "the chain has no stage (give at least one)"
    case .mismatchedEdge(let from, let gives, let to, let takes):
      "\(from) gives \(gives.rawValue), but \(to) takes \(takes.rawValue) "
        + "(put a stage from \(gives.rawValue) to \(takes.rawValue) between them)"
    case .wrongPayload(let stage, let given, let needed):
      "\(stage) was given \(given), but takes \(needed)"
    case .brokenCount(let stage, let taken, let given):
      "\(stage) took \(taken) records and gave \(given), but says it is one-to-one"
    case .pluginFailed(let plugin, let problem), .pluginRefused(let plugin, let problem):
      "plugin \(quoted(plugin)): \(problem)"
    default: ""
    }
  }

  private var systemDescription: String {
    switch self {
    case .cannotOpen(let file, let code):
      "\(Escaping.printable(file)): cannot be opened: \(message(code))"
    case .cannotRead(let file, let code):
      "\(Escaping.printable(file)): cannot be read: \(message(code))"
    case .cannotCreate(let file, let code):
      "\(Escaping.printable(file)): cannot be created: \(message(code))"
    case .cannotWrite(let file, let operation, let code):
      "\(Escaping.printable(file)): \(operation) failed: \(message(code)) "
        + "(what stood there before is unchanged)"
    case .notARegularFile(let file):
      "\(Escaping.printable(file)): is not a regular file (choose another name)"
    case .unfaithfulStorage(let file):
      "\(Escaping.printable(file)): reading back gives other bytes than were written "
        + "(check the disk)"
    case .outputClosed: "the output was closed"
    case .outputFailed(let code): "standard output: cannot be written: \(message(code))"
    case .cannotStartThread(let code): "a thread cannot be started: \(message(code))"
    default: ""
    }
  }

  private func quoted(_ text: String) -> String { "\"\(Escaping.printable(text))\"" }

  /// The C locale's text of errno: messages do not depend on the locale.
  private func message(_ code: Int32) -> String { String(cString: strerror(code)) }
}
