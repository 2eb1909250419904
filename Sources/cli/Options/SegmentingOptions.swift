import ArgumentParser
import Pipeline

/// How text is cut into tokens: shared by `tokenize` and by what counts words.
struct SegmentingOptions: ParsableArguments {
  enum Unit: String, ExpressibleByArgument, CaseIterable {
    case grapheme, scalar, byte, word, whitespace, sentence
  }

  enum Rules: String, ExpressibleByArgument, CaseIterable {
    case uax29, cldr
  }

  @Option(help: "What a token is.")
  var by: Unit = .word

  @Option(help: "Whose rules cut words: Unicode's own, or CLDR's, where a colon ends a word.")
  var wordRules: Rules = .uax29

  /// Adds the stage that cuts.
  func add(to stages: inout StageList) {
    stages.add(
      "segment.unicode@1", ["by": .string(by.rawValue), "rules": .string(wordRules.rawValue)])
  }
}
