public import Pipeline

/// Cuts text into the tokens of a subword tokenizer, written as its vocabulary has them; text that
/// the vocabulary lacks stands for itself where the tokenizer keeps it.
///
/// Offsets are the bytes of the original record that a token stands for, by the rules of Hugging
/// Face's library; special tokens stand for none.
public struct SubwordTokenize: Stage {
  public struct Options: StageOptions {
    /// Whether records get the special tokens that the tokenizer puts around a text.
    public var specialTokens: Bool

    public init() { self.init(specialTokens: false) }
    public init(specialTokens: Bool) { self.specialTokens = specialTokens }
  }

  public static let descriptor = StageDescriptor(
    id: "subword.tokenize@1", summary: "Cut text into the tokens of a subword tokenizer",
    input: .text, output: .tokens,
    options: [
      OptionDescriptor("specialTokens", "Put the tokenizer's special tokens around each record")
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

  public func write(to resources: inout ResourceWriter) throws {
    try definition.write(to: &resources)
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TokenChunk> {
    Runner(
      encoder: SubwordEncoder(
        definition.tokenizer, addsSpecialTokens: options.specialTokens,
        tracksOffsets: context.tracksOffsets),
      tracksOffsets: context.tracksOffsets)
  }

  private struct Runner: StageRunner {
    var encoder: SubwordEncoder
    let tracksOffsets: Bool

    mutating func consume(_ chunk: TextChunk) throws -> TokenChunk {
      var result = TokenChunk(spans: tracksOffsets ? [] : nil)
      result.recordEnds.reserveCapacity(chunk.count)
      try chunk.bytes.withUnsafeBufferPointer { bytes in
        for record in 0..<chunk.count {
          let range = chunk.range(record)
          try encoder.encode(UnsafeBufferPointer(rebasing: bytes[range]), number: record)
          try append(to: &result)
          appendSpans(chunk.alignment, range, to: &result)
        }
      }
      return result
    }

    private func append(to result: inout TokenChunk) throws {
      for i in 0..<encoder.encoding.count {
        result.starts.append(UInt32(truncatingIfNeeded: result.bytes.count))
        encoder.withText(of: i) { result.bytes.append(contentsOf: $0) }
        guard let end = UInt32(exactly: result.bytes.count) else {
          throw TokenizeError.chunkTooLarge(stage: SubwordTokenize.descriptor.id)
        }
        result.ends.append(end)
      }
      result.recordEnds.append(UInt32(truncatingIfNeeded: result.starts.count))
    }

    private func appendSpans(
      _ alignment: Alignment?, _ range: Range<Int>, to result: inout TokenChunk
    ) {
      guard tracksOffsets else { return }
      for i in 0..<encoder.encoding.count {
        let (start, end) = (encoder.encoding.starts[i], encoder.encoding.ends[i])
        guard let alignment else {
          result.spans?.append(start..<max(start, end))
          continue
        }
        var ranges = RangeMap()
        let (low, high) = ranges.map(
          start, max(start, end), starts: alignment.starts[range], ends: alignment.ends[range])
        result.spans?.append(low..<high)
      }
    }
  }
}
