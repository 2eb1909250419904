import ArgumentParser
import Pipeline

/// `seqtool normalize`: text in, text out.
struct NormalizeCommand: ParsableCommand {
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

  @OptionGroup(title: "Normalising")
  var normalizing: NormalizingOptions

  @Option(
    help: ArgumentHelp(
      "Write to this file, as JSON lines, which bytes of each output came from which of the record.",
      valueName: "file"), completion: .file())
  var map: String?

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    let chain = try normalizing.stages.chain(in: BuiltIn.registry())
    if let map { return try run(chain, withMap: map) }
    try RecordFilter(stream).run {
      let runner = try Worker(chain, gives: TextChunk.self)
      let formatter = TextFormatter(delimiter: stream.delimiter)
      return { formatter.format(try runner.run($0), of: $0) }
    }
  }

  /// The map appears under its name when it is complete.
  private func run(_ chain: Chain, withMap path: String) throws {
    let file = try StreamedFile(path)
    let formatter = TextFormatter(delimiter: stream.delimiter)
    let map = RecordWriter(descriptor: file.descriptor, file: path)
    try RecordFilter(stream).run(beside: map) {
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
