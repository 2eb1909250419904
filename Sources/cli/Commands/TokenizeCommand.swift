public import ArgumentParser
public import Pipeline

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
      """)

  @OptionGroup(title: "Cutting")
  var segmenting: SegmentingOptions

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
    var stages = StageList()
    segmenting.add(to: &stages)
    let chain = try stages.chain(in: BuiltIn.registry())
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

extension OffsetUnit: ExpressibleByArgument {}
