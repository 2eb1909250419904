import CICU
public import Pipeline

/// Strips accents: decomposes (NFD), removes nonspacing marks (category Mn), composes (NFC).
public struct NormalizeAccents: Stage {
  public typealias Options = NoOptions

  public static let descriptor = StageDescriptor(
    id: "normalize.accents@1", summary: "Strip accents and other nonspacing marks", input: .text,
    output: .text)

  public let options: NoOptions

  public init(options: NoOptions = NoOptions(), resources: ResourceReader = ResourceReader()) {
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    RewritingRunner(Rewriter(context), stage: Self.descriptor.id, context: context)
  }
}

extension NormalizeAccents {
  private struct Rewriter: RecordRewriter {
    let asciiRule = ASCIIRule.unchanged
    let rewritesLinesAlone = true
    var decomposed: RecordBuffer
    var stripped: RecordBuffer

    init(_ context: RunContext) {
      decomposed = RecordBuffer(tracksOffsets: context.tracksOffsets)
      stripped = decomposed
    }

    mutating func rewrite(
      _ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer
    ) throws {
      try decomposed.normalize(record, to: Int32(CICU_NFD))
      try decomposed.withBytes {
        try stripped.copy($0, removing: Int(CICU_MASK_NONSPACING_MARK))
      }
      try stripped.withBytes { try output.normalize($0, to: Int32(CICU_NFC)) }
      output.realign(through: stripped)
      output.realign(through: decomposed)
    }
  }
}
