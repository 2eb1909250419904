import ArgumentParser
import Pipeline

/// `seqtool normalize`: text in, text out.
struct NormalizeCommand: ParsableCommand {
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case nfc, nfd, nfkc, nfkd
    case nfkcCasefold = "nfkc-casefold"
    case none
  }

  static let configuration = CommandConfiguration(
    commandName: "normalize",
    abstract: "Bring records into one Unicode form; fold case, accents, punctuation, space.",
    discussion: """
      Without a flag it gives NFC. Steps run in this order, whatever the order of the flags: \
      transliterate, normal form, strip accents, lower case or case folding, strip punctuation, \
      collapse white space, and the normal form once more where a step may have undone it.

        printf 'ﬁ Ａ  É\\n' | seqtool normalize --form nfkc --strip-accents --lowercase
        seqtool normalize --transliterate 'Any-Latin; Latin-ASCII' names.txt
      """)

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

  @Option(
    help: ArgumentHelp(
      "Write to this file, as JSON lines, which bytes of each output came from which of the record.",
      valueName: "file"), completion: .file())
  var map: String?

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard !(lowercase && casefold) else {
      throw ValidationError(
        "--lowercase and --casefold exclude each other: case folding lowers too")
    }
    guard locale == nil || lowercase || casefold else {
      throw ValidationError("--locale has no effect without --lowercase or --casefold")
    }
  }

  func run() throws {
    let chain = try stages.chain(in: BuiltIn.registry())
    if let map { return try run(chain, withMap: map) }
    try RecordFilter(stream).run {
      let runner = try Worker(chain, gives: TextChunk.self)
      let formatter = TextFormatter(delimiter: stream.delimiter)
      return { formatter.format(try runner.run($0), of: $0) }
    }
  }

  private var stages: StageList {
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

  /// The map appears under its name when it is complete.
  private func run(_ chain: Chain, withMap path: String) throws {
    let file = try StreamedFile(path)
    let formatter = TextFormatter(delimiter: stream.delimiter)
    try RecordFilter(stream).run(beside: RecordWriter(descriptor: file.descriptor)) {
      let runner = try Worker(
        chain, gives: TextChunk.self, context: RunContext(tracksOffsets: true))
      return { records in
        let text = try runner.run(records)
        return (formatter.format(text, of: records), MapFormatter().format(text, of: records))
      }
    }
    try file.commit()
  }
}
