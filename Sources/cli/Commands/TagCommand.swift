import ArgumentParser
import Pipeline
import Seq

/// `seqtool tag`: tokens in, each with its tag out.
struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Tag each token.",
    discussion: """
      Reads one token a line, an empty line between sentences, and gives `line TAB tag` for each line: \
      the line is echoed byte for byte, and the token is its first column. Lines without a token \
      (empty ones, and -DOCSTART-) stay as they are. The model comes from `seqtool train tag`.

        seqtool tokenize --by whitespace --separator '\\n' text.txt | seqtool tag -m names.seqmodel
        seqtool tag -m names.seqmodel test.conll | awk '$NF != "O"'
      """)

  @Option(
    name: [.customShort("m"), .long], help: "The tagger.",
    completion: .file(extensions: ["seqmodel"]))
  var model: String

  @OptionGroup
  var reading: PrecisionOption

  @Option(help: ArgumentHelp("The token's column, from 1; -1 is the last.", valueName: "n"))
  var tokenColumn = 1

  @Flag(help: "The tag alone.")
  var tagOnly = false

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard tokenColumn != 0 else {
      throw ValidationError("columns are counted from 1, or from -1 at the end: there is no 0")
    }
  }

  func run() throws {
    let chain = try ModelOption.load(model).chain.reduced(to: reading.precision)
    guard let tagger = chain.tagger else {
      throw CLIError.badData("\(model): is not a tagger (`seqtool train tag` makes one)")
    }
    let formatter = TagFormatter(
      delimiter: stream.delimiter, tokenColumn: tokenColumn, tagOnly: tagOnly)
    let maximumLength = tagger.options.maximumLength
    try RecordFilter(stream).run(
      through: { SentenceSource(next: $0, maximumLength: maximumLength).nextBatch },
      makeWorker: {
        var runner = try chain.makeRunner()
        return { records in
          let lines = try formatter.sentences(records)
          return formatter.format(
            try runner.consume(lines.sentences, as: TagChunk.self), lines, of: records)
        }
      })
  }
}

extension Chain {
  /// The tagger at the end of a chain from tokens to tags.
  var tagger: RecurrentTagger? { input == .tokens ? stages.last?.base as? RecurrentTagger : nil }
}
