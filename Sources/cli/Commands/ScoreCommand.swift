import ArgumentParser
import Glibc
import Pipeline
import Seq

/// `seqtool score`: how probable a language model finds each record.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Say how probable a language model finds each record.",
    discussion: """
      Gives `log-probability TAB symbols TAB perplexity TAB bits-per-byte TAB record`: the \
      natural logarithm of the probability of the record and its end, how many symbols that are, \
      the perplexity per symbol, and bits per byte of the record (its end is one). Each record \
      is judged by itself.

        seqtool score --model play.seqmodel lines.txt | sort -n | head
        seqtool score -m play.seqmodel --jsonl lines.txt | jq .perplexity
      """)

  @OptionGroup
  var model: LanguageModelOption

  @Flag(help: "One JSON object per record.")
  var jsonl = false

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    let chain = try model.load().chain
    let formatter = ScoreFormatter(delimiter: stream.delimiter, isJSON: jsonl)
    try RecordFilter(stream).run {
      let runner = try Worker(chain, gives: ScoreChunk.self)
      return { try formatter.format(try runner.run($0), of: $0) }
    }
  }
}
