import ArgumentParser
import Pipeline

/// How text is cut into tokens: shared by `tokenize` and by what counts words.
struct SegmentingOptions: ParsableArguments {
  enum Unit: String, ExpressibleByArgument, CaseIterable {
    case grapheme, scalar, byte, word, whitespace, sentence, regex
  }

  enum Rules: String, ExpressibleByArgument, CaseIterable {
    case uax29, cldr
  }

  @Option(help: "What a token is.")
  var by: Unit = .word

  @Option(help: "Whose rules cut words: Unicode's own, or CLDR's, where a colon ends a word.")
  var wordRules: Rules = .uax29

  @Option(help: ArgumentHelp("What --by regex takes for a token (ICU's syntax).", valueName: "re"))
  var pattern: String?

  func validate() throws {
    guard (by == .regex) == (pattern != nil) else {
      throw ValidationError("--by regex and --pattern need each other")
    }
  }

  /// Adds the stage that cuts.
  func add(to stages: inout StageList) {
    if let pattern {
      return stages.add("segment.regex@1", ["pattern": .string(pattern), "gaps": false])
    }
    stages.add(
      "segment.unicode@1", ["by": .string(by.rawValue), "rules": .string(wordRules.rawValue)])
  }
}
