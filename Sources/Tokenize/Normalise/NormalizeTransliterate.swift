public import Pipeline

/// Transliterates text by ICU: a transform id (`Any-Latin; Latin-ASCII`) or rules (`ä > ae;`).
public struct NormalizeTransliterate: Stage {
  public struct Options: StageOptions {
    /// A transform id, several joined by `;`, or rules in ICU's syntax. `Any-Null` changes nothing.
    public var rules: String

    public init() { self.init(rules: "Any-Latin; Latin-ASCII") }
    public init(rules: String) { self.rules = rules }
  }

  public static let descriptor = StageDescriptor(
    id: "normalize.transliterate@1", summary: "Transliterate by an ICU transform or rules",
    input: .text, output: .text,
    options: [OptionDescriptor("rules", "Transform ids joined by ';', or ICU rules")])

  public let options: Options
  private let transliterator: Transliterator

  /// - Throws: `TokenizeError.invalidTransliteration` where ICU knows neither such an id nor rules.
  public init(options: Options = Options(), resources: ResourceReader = ResourceReader()) throws {
    guard !options.rules.isEmpty else {
      throw TokenizeError.invalidTransliteration(rules: "", reason: "the rules are empty")
    }
    self.options = options
    transliterator = try Transliterator(rules: options.rules)
  }

  public func makeRunner(_ context: RunContext) throws -> any StageRunner<TextChunk, TextChunk> {
    RewritingRunner(
      Rewriter(transliterator: try Transliterator(cloning: transliterator)),
      stage: Self.descriptor.id, context: context)
  }
}

extension NormalizeTransliterate {
  private struct Rewriter: RecordRewriter {
    // Rules may change ASCII too.
    let asciiRule = ASCIIRule.rewritten
    // Rules may name a line feed, or the ends of the text.
    let rewritesLinesAlone = false
    let transliterator: Transliterator

    func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer) throws {
      try transliterator.rewrite(record, into: &output)
    }
  }
}
