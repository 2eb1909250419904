import CICU
public import Pipeline

/// Lowers the case of text, or folds it for comparison (full case folding: `ß` becomes `ss`).
///
/// Lower case follows context (a final sigma) and, where a locale is given, its language: Turkish,
/// Azeri and Lithuanian have rules of their own. The empty locale is the root locale; the locale of
/// the process is never looked at.
public struct NormalizeCase: Stage {
  public enum Mode: String, Codable, Sendable, CaseIterable {
    case lower
    case fold
  }

  public struct Options: StageOptions {
    public var mode: Mode
    /// A language tag such as `tr` or `tr-TR`; empty for the root locale.
    public var locale: String

    public init() { self.init(mode: .lower) }
    public init(mode: Mode, locale: String = "") {
      self.mode = mode
      self.locale = locale
    }
  }

  public static let descriptor = StageDescriptor(
    id: "normalize.case@1", summary: "Lower or fold the case of text", input: .text, output: .text,
    options: [
      OptionDescriptor(
        "mode", "Lower case, or full case folding", choices: Mode.allCases.map(\.rawValue)),
      OptionDescriptor("locale", "Language tag whose case rules hold; empty for none"),
    ])

  public let options: Options

  /// - Throws: `TokenizeError.invalidOption` where the locale is not a language tag.
  public init(options: Options = Options(), resources: ResourceReader = ResourceReader()) throws {
    guard Self.isLanguageTag(options.locale) else {
      throw TokenizeError.invalidOption(
        stage: Self.descriptor.id, option: "locale",
        reason: "'\(options.locale)' is not a language tag (write, for example, tr or tr-TR)")
    }
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    RewritingRunner(Rewriter(options), stage: Self.descriptor.id, context: context)
  }

  /// Letters and digits in groups of 1 to 8, the first (the language) of 2 to 8 letters.
  private static func isLanguageTag(_ locale: String) -> Bool {
    if locale.isEmpty { return true }
    let groups = locale.utf8.split(omittingEmptySubsequences: false) {
      $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
    }
    let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    guard let language = groups.first, language.count >= 2, language.allSatisfy(isLetter) else {
      return false
    }
    return groups.allSatisfy { group in
      (1...8).contains(group.count) && group.allSatisfy { isLetter($0) || isDigit($0) }
    }
  }
}

extension NormalizeCase {
  private struct Rewriter: RecordRewriter {
    let mode: Mode
    let locale: String
    let isTurkic: Bool
    let asciiRule: ASCIIRule
    // No rule of casing looks past a line feed for its context.
    let rewritesLinesAlone = true

    init(_ options: Options) {
      let language = options.locale.prefix { $0 != "-" && $0 != "_" }.lowercased()
      mode = options.mode
      isTurkic = ["tr", "tur", "az", "aze"].contains(language)
      // A locale that changes case at all changes I, J or their dots, ASCII included.
      asciiRule = options.locale.isEmpty ? .lowercased : .rewritten
      locale = String(options.locale.map { $0 == "-" ? "_" : $0 })
    }

    func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer) throws {
      try output.fill("change case", expecting: record.count + record.count / 2 + 16) { out in
        switch mode {
        case .lower: cicu_lowercase(locale, record.baseAddress, record.count, out)
        case .fold: cicu_fold_case(isTurkic ? 1 : 0, record.baseAddress, record.count, out)
        }
      }
    }
  }
}
