public import Pipeline

/// Cuts every record by a regular expression (ICU's syntax): a token is what matches or, on request,
/// what stands between matches. Empty matches are no tokens. Where offsets are tracked, every token's
/// span refers to the original record.
///
/// An expression can take exponential time on some texts: ICU gives up after a time, with an error.
/// `\w+` is matched by a table, without ICU.
public struct SegmentRegex: Stage {
  public struct Options: StageOptions {
    public var pattern: String
    /// Whether tokens are what stands between matches.
    public var gaps: Bool

    public init() { self.init(pattern: #"\w+"#) }
    public init(pattern: String, gaps: Bool = false) {
      self.pattern = pattern
      self.gaps = gaps
    }
  }

  public static let descriptor = StageDescriptor(
    id: "segment.regex@1", summary: "Cut text into tokens by a regular expression", input: .text,
    output: .tokens,
    options: [
      OptionDescriptor("pattern", "A regular expression in ICU's syntax"),
      OptionDescriptor("gaps", "Whether tokens are what stands between matches"),
    ])

  public let options: Options

  /// - Throws: `TokenizeError.invalidOption` for a pattern that is none.
  public init(options: Options = Options(), resources: ResourceReader = ResourceReader()) throws {
    do {
      _ = try RegexMatcher(options.pattern)
    } catch let error as TokenizeError {
      throw TokenizeError.invalidOption(
        stage: Self.descriptor.id, option: "pattern", reason: "\(error)")
    }
    self.options = options
  }

  public func makeRunner(_ context: RunContext) throws -> any StageRunner<TextChunk, TokenChunk> {
    if options.pattern == WordRunCutter.pattern {
      return SegmentingRunner(WordRunCutter(gaps: options.gaps), context: context)
    }
    return SegmentingRunner(
      RegexCutter(matcher: try RegexMatcher(options.pattern), gaps: options.gaps),
      context: context)
  }
}

private struct RegexCutter: Cutter {
  let matcher: RegexMatcher
  let gaps: Bool

  func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) throws {
    var last = 0
    try matcher.find(in: record) { start, end in
      let (from, to) = gaps ? (last, start) : (start, end)
      if to > from { tokens.append(base + from, base + to) }
      last = end
    }
    if gaps, record.count > last { tokens.append(base + last, base + record.count) }
  }
}
