/// One link of a chain: takes chunks of one kind, gives chunks of another.
///
/// A stage is an immutable value: its options and its resources (vocabulary, weights). What changes
/// while a stream passes lives in the runner, one per stream and thread.
public protocol Stage: Sendable {
  /// What a user can set. Unknown keys are refused, and every option is written out when saved.
  associatedtype Options: StageOptions
  associatedtype Input: Payload
  associatedtype Output: Payload

  /// The id, summary and documented options of the stage: one declaration that the registry,
  /// `seqtool stages` and the documentation share.
  static var descriptor: StageDescriptor { get }

  var options: Options { get }

  /// Makes the stage from its options and what `write(to:)` saved.
  /// - Throws: where an option has no meaning, or a resource is missing or malformed.
  init(options: Options, resources: ResourceReader) throws

  /// A fresh runner for one stream on one thread.
  func makeRunner(_ context: RunContext) throws -> any StageRunner<Input, Output>

  /// Saves what the options do not say: vocabulary, merges, weights.
  func write(to resources: inout ResourceWriter) throws
}

extension Stage {
  public func write(to resources: inout ResourceWriter) throws {}
}

/// The options of a stage. `init()` gives the defaults, which the registry merges with what the
/// user gave; every property must be non-optional, so that a saved pipeline shows every option.
public protocol StageOptions: Codable, Hashable, Sendable {
  init()
}

/// A stage without options.
public struct NoOptions: StageOptions {
  public init() {}
}

/// The mutable side of a stage: consumes chunks in order.
public protocol StageRunner<Input, Output> {
  associatedtype Input: Payload
  associatedtype Output: Payload

  /// Consumes one chunk. A one-to-one stage returns exactly `chunk.count` records, in order.
  mutating func consume(_ chunk: Input) throws -> Output

  /// Called once after the last chunk; returns what the stage still held back.
  mutating func finish() throws -> Output?
}

extension StageRunner {
  public mutating func finish() throws -> Output? { nil }
}

/// A stage whose resources are learnt from data: vocabulary, n-gram table.
public protocol FittableStage: Stage {
  /// Learns from all chunks of the training data. The result does not depend on how the records
  /// are cut into chunks.
  static func fit(_ options: Options, on chunks: [Input]) throws -> Self
}

/// What a runner should know about the run.
public struct RunContext: Sendable, Hashable {
  /// Whether offsets into the original text are wanted (they cost time).
  public var tracksOffsets: Bool

  public init(tracksOffsets: Bool = false) {
    self.tracksOffsets = tracksOffsets
  }
}
