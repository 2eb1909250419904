import ArgumentParser
import Glibc
import Pipeline
import Tokenize

/// `seqtool vocab count`: text in, counts of its tokens out.
struct VocabCountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count",
    abstract: "Count the tokens of text, in bounded memory.",
    discussion: """
      Text is normalised as by `seqtool normalize` and cut as by `seqtool tokenize`. What does not \
      fit --memory goes to disk in sorted runs.

        seqtool vocab count --by word --lowercase corpus.txt > corpus.counts
        sort -t $'\\t' -k 2,2nr corpus.counts | head
      """)

  @OptionGroup(title: "Normalising")
  var normalizing: NormalizingOptions

  @OptionGroup(title: "Cutting")
  var segmenting: SegmentingOptions

  @OptionGroup(title: "Memory")
  var spilling: SpillingOptions

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    var stages = normalizing.stages
    segmenting.add(to: &stages)
    let chain = try stages.chain(in: BuiltIn.registry())
    var spillers: [CountSpiller] = []
    try RecordFilter(stream).consume { threads in
      let runner = try Worker(chain, gives: TokenChunk.self)
      let spiller = CountSpiller(
        memory: spilling.memory.bytes / threads, folder: spilling.folder)
      spillers.append(spiller)
      return { try spiller.add(try runner.run($0)) }
    }
    let writer = RecordWriter(descriptor: STDOUT_FILENO)
    try CountSpiller.write(spillers, to: writer.write)
    try writer.flush()
  }
}
