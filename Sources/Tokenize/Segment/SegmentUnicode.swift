public import Pipeline

/// Cuts every record into graphemes, scalars, bytes, words, sentences or at white space.
///
/// Tokens are slices of the text, which is not copied. Boundaries are ICU's (root locale); ASCII
/// text, and text in which every scalar is a grapheme, is cut without asking it. White space alone
/// never is a token of `word` or `whitespace`; the other units keep every byte. Where offsets are
/// tracked, every token's span refers to the original record.
public struct SegmentUnicode: Stage {
  public struct Options: StageOptions {
    public var by: SegmentUnit
    /// Under `word`: whether segments without a letter, digit, kana or ideograph are dropped.
    public var wordsOnly: Bool
    /// Under `word`: whose rules hold.
    public var rules: WordRules

    public init() { self.init(by: .grapheme) }
    public init(by unit: SegmentUnit, wordsOnly: Bool = true, rules: WordRules = .uax29) {
      by = unit
      self.wordsOnly = wordsOnly
      self.rules = rules
    }
  }

  public static let descriptor = StageDescriptor(
    id: "segment.unicode@1", summary: "Cut text into tokens by the rules of Unicode", input: .text,
    output: .tokens,
    options: [
      OptionDescriptor("by", "The unit", choices: SegmentUnit.allCases.map(\.rawValue)),
      OptionDescriptor("wordsOnly", "Under by=word, drop punctuation and symbols"),
      OptionDescriptor(
        "rules", "Under by=word, whose rules hold", choices: WordRules.allCases.map(\.rawValue),
        whenAbsent: "cldr"),
    ])

  public let options: Options

  public init(options: Options = Options(), resources: ResourceReader = ResourceReader()) {
    self.options = options
  }

  public func makeRunner(_ context: RunContext) throws -> any StageRunner<TextChunk, TokenChunk> {
    switch options.by {
    case .byte: SegmentingRunner(ByteCutter(), context: context)
    case .scalar: SegmentingRunner(ScalarCutter(), context: context)
    case .whitespace: SegmentingRunner(WhiteSpaceCutter(), context: context)
    case .grapheme: SegmentingRunner(GraphemeCutter(), context: context)
    case .word:
      SegmentingRunner(
        WordCutter(wordsOnly: options.wordsOnly, rules: options.rules), context: context)
    case .sentence: SegmentingRunner(SentenceCutter(), context: context)
    }
  }
}
