import ArgumentParser
import Pipeline

/// How text is normalised: shared by `normalize` and by what counts words.
struct NormalizingOptions: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case nfc, nfd, nfkc, nfkd
    case nfkcCasefold = "nfkc-casefold"
    case none
  }

  @Option(help: "The normal form of the output.")
  var form: Form = .nfc

  @Flag(help: "Lower case, by the root locale or --locale.")
  var lowercase = false

  @Flag(help: "Full case folding, for comparison: ß becomes ss.")
  var casefold = false

  @Flag(help: "Remove what Unicode classes as punctuation (P).")
  var stripPunctuation = false

  @Flag(help: "Remove accents and other combining marks.")
  var stripAccents = false

  @Option(help: ArgumentHelp("Apply an ICU transform first.", valueName: "rules"))
  var transliterate: String?

  @Flag(help: "Trim, and turn each run of white space into one space.")
  var collapseWhitespace = false

  @Option(help: ArgumentHelp("The language whose case rules hold, such as tr.", valueName: "tag"))
  var locale: String?

  func validate() throws {
    guard !(lowercase && casefold) else {
      throw ValidationError(
        "--lowercase and --casefold exclude each other: case folding lowers too")
    }
    guard locale == nil || lowercase || casefold else {
      throw ValidationError("--locale has no effect without --lowercase or --casefold")
    }
  }

  /// The stages that do what the flags say.
  var stages: StageList {
    let normalForm = ("normalize.unicode@1", ["form": .string(form.rawValue)] as JSONValue)
    var list = StageList()
    if let transliterate {
      list.add("normalize.transliterate@1", ["rules": .string(transliterate)])
    }
    list.add(normalForm.0, normalForm.1)
    let stepsBefore = list.steps.count
    if stripAccents { list.add("normalize.accents@1") }
    if lowercase || casefold {
      list.add(
        "normalize.case@1",
        ["mode": lowercase ? "lower" : "fold", "locale": .string(locale ?? "")])
    }
    if stripPunctuation { list.add("normalize.punctuation@1") }
    if collapseWhitespace { list.add("normalize.whitespace@1") }
    if list.steps.count > stepsBefore && form != .none { list.add(normalForm.0, normalForm.1) }
    return list
  }
}
