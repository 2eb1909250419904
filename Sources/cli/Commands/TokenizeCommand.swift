public import ArgumentParser
public import Pipeline
import Tokenize

/// `seqtool tokenize`: text in, tokens out.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Cut each record into tokens.",
    discussion: """
      Tokens are joined by a space. White space inside a token is escaped (\\s \\t \\n \\r, others \
      as \\u{2003}), a backslash is doubled, and a byte that is no text by itself stands as <0xC3>.

        echo 'Sgt. O’Neill said: go!' | seqtool tokenize --by word
        seqtool tokenize --by grapheme --jsonl names.txt | jq -c .offsets
        seqtool tokenize --by regex --pattern '\\p{L}+' text.txt
        seqtool tokenize --tokenizer tokenizer.json text.txt
      """)

  @OptionGroup(title: "Cutting")
  var segmenting: SegmentingOptions

  @Option(
    help: ArgumentHelp(
      "Cut as this Hugging Face tokenizer.json or SentencePiece model does, not as --by says.",
      valueName: "file"),
    completion: .file())
  var tokenizer: String?

  @Option(help: ArgumentHelp("What stands between two tokens.", valueName: "text"))
  var separator = " "

  @Flag(help: "One JSON object per record: tokens, and offsets into the original record.")
  var jsonl = false

  @Option(help: "What the offsets of --jsonl count: bytes, Unicode scalars, or UTF-16 units.")
  var offsets: OffsetUnit?

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard offsets == nil || jsonl else {
      throw ValidationError("--offsets has no effect without --jsonl")
    }
  }

  func run() throws {
    let chain = try chain()
    let style: TokenFormatter.Style = jsonl ? .json : .joined(by: Array(separator.utf8))
    try RecordFilter(stream).run {
      let runner = try Worker(
        chain, gives: TokenChunk.self, context: RunContext(tracksOffsets: jsonl))
      let formatter = TokenFormatter(
        delimiter: stream.delimiter, style: style, offsets: offsets ?? .byte)
      return { formatter.format(try runner.run($0), of: $0) }
    }
  }
}

extension TokenizeCommand {
  private func chain() throws -> Chain {
    guard let tokenizer else {
      var stages = StageList()
      segmenting.add(to: &stages)
      return try stages.chain(in: BuiltIn.registry())
    }
    let definition = try SubwordDefinition(
      source: try FileBytes.read(tokenizer), file: tokenizer)
    return try Chain([AnyStage(SubwordTokenize(definition: definition))])
  }
}

extension OffsetUnit: ExpressibleByArgument {}
