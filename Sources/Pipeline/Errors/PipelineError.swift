/// What can be wrong with a chain, its data or its files. Every case carries what the message
/// needs; the message says what is wrong, where, and what to do.
public enum PipelineError: Error, Hashable, Sendable {
  // Resources of a stage.
  case duplicateResource(String)
  case missingResource(String)
  case malformedResource(String, String)

  // Stages, options, chains.
  case duplicateStage(String)
  case unknownStage(String, known: [String])
  case unknownOption(stage: String, name: String, known: [String])
  case malformedOption(stage: String, name: String, problem: String)
  case missingOption(stage: String, name: String)
  case malformedPipeline(String)
  /// A pipeline file, or stages given as text: `place` is `FILE:LINE`, `--stage` or the like.
  case malformedPipelineFile(place: String, problem: String)
  case emptyChain
  case mismatchedEdge(from: String, gives: PayloadKind, to: String, takes: PayloadKind)
  case wrongPayload(stage: String, given: String, needed: String)
  case brokenCount(stage: String, taken: Int, given: Int)

  // Stages whose code is not in this program.
  case pluginFailed(plugin: String, problem: String)
  case pluginRefused(plugin: String, problem: String)

  // Text.
  case malformedJSON(offset: Int, problem: String)
  case malformedModel(file: String, place: String, problem: String)
  /// `offset` is the 1-based byte in the record.
  case malformedText(file: String, line: Int, offset: Int)
  case wrongEncoding(file: String, encoding: String)
  case recordTooLong(file: String, line: Int, limit: Int)
  case malformedLabelled(file: String, line: Int, problem: String)

  // Images.
  case malformedImage(file: String, problem: String)

  /// A bound on memory that the data do not fit.
  case limitExceeded(String)

  // The operating system: `code` is errno.
  case cannotOpen(file: String, code: Int32)
  case cannotRead(file: String, code: Int32)
  case cannotCreate(file: String, code: Int32)
  case cannotWrite(file: String, operation: String, code: Int32)
  case notARegularFile(String)
  case unfaithfulStorage(String)
  case outputClosed
  case outputFailed(code: Int32)
  case cannotStartThread(code: Int32)

  // Values given by a library user.
  case malformedValue(String)
}
