public import Pipeline

/// Turns text into the ids of a subword tokenizer: one read from a file, or a byte-pair encoding
/// learnt from the training data.
public struct SubwordEncode: FittableStage {
  public struct Options: StageOptions {
    /// Whether records get the special tokens that the tokenizer puts around a text.
    public var specialTokens: Bool
    /// How the tokenizer is learnt, where it is.
    public var training: BPETrainingOptions

    public init() { self.init(specialTokens: true) }
    public init(specialTokens: Bool, training: BPETrainingOptions = BPETrainingOptions()) {
      self.specialTokens = specialTokens
      self.training = training
    }
  }

  public static let descriptor = StageDescriptor(
    id: "subword.encode@1", summary: "Turn text into the ids of a subword tokenizer", input: .text,
    output: .ids,
    options: [
      OptionDescriptor("specialTokens", "Put the tokenizer's special tokens around each record"),
      OptionDescriptor("training", "How byte-pair encoding is learnt, where it is"),
    ])

  public let options: Options
  public let definition: SubwordDefinition

  public init(options: Options = Options(), definition: SubwordDefinition) {
    self.options = options
    self.definition = definition
  }

  /// Reads the tokenizer that `write(to:)` saved.
  public init(options: Options, resources: ResourceReader) throws {
    self.init(options: options, definition: try SubwordDefinition(resources))
  }

  /// Learns a byte-pair encoding.
  public static func fit(_ options: Options, on chunks: [TextChunk]) throws -> SubwordEncode {
    var trainer = try BPETrainer(options.training)
    for chunk in chunks { try trainer.count(chunk) }
    return SubwordEncode(options: options, definition: try trainer.train())
  }

  public func write(to resources: inout ResourceWriter) throws {
    try definition.write(to: &resources)
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, IDChunk> {
    Runner(
      encoder: SubwordEncoder(
        definition.tokenizer, addsSpecialTokens: options.specialTokens, tracksOffsets: false))
  }

  private struct Runner: StageRunner {
    var encoder: SubwordEncoder

    mutating func consume(_ chunk: TextChunk) throws -> IDChunk {
      var result = IDChunk()
      result.ids.reserveCapacity(chunk.bytes.count / 3)
      result.recordEnds.reserveCapacity(chunk.count)
      try chunk.bytes.withUnsafeBufferPointer { bytes in
        for record in 0..<chunk.count {
          try encoder.encode(
            UnsafeBufferPointer(rebasing: bytes[chunk.range(record)]), number: record)
          for piece in encoder.encoding.pieces.items { result.ids.append(piece.id) }
          guard let end = UInt32(exactly: result.ids.count) else {
            throw TokenizeError.chunkTooLarge(stage: SubwordEncode.descriptor.id)
          }
          result.recordEnds.append(end)
        }
      }
      return result
    }
  }
}
