import CICU
public import Pipeline

/// Removes punctuation: every scalar of general category P and, on request, of S (symbols).
public struct NormalizePunctuation: Stage {
  public struct Options: StageOptions {
    /// Whether symbols (category S: currency, mathematics, modifiers, emoji) go too.
    public var symbols: Bool

    public init() { self.init(symbols: false) }
    public init(symbols: Bool) { self.symbols = symbols }
  }

  public static let descriptor = StageDescriptor(
    id: "normalize.punctuation@1", summary: "Remove punctuation by its Unicode class",
    input: .text, output: .text,
    options: [OptionDescriptor("symbols", "Remove symbols (class S) too")])

  public let options: Options

  public init(options: Options = Options(), resources: ResourceReader = ResourceReader()) {
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    RewritingRunner(
      ClassRemover(
        mask: CICU_MASK_PUNCTUATION | (options.symbols ? CICU_MASK_SYMBOL : 0)),
      stage: Self.descriptor.id, context: context)
  }
}

/// Drops scalars by general category.
private struct ClassRemover: RecordRewriter {
  let mask: Int
  let asciiRule = ASCIIRule.rewritten
  let rewritesLinesAlone = true

  func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer) throws {
    try output.copy(record, removing: mask)
  }
}
