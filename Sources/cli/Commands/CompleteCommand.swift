import ArgumentParser
import Pipeline
import Seq
import Tokenize

/// `seqtool complete`: what may come next.
struct CompleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete",
    abstract: "Give the most probable next tokens of each record.",
    discussion: """
      Gives `token TAB probability` for each of the -k best, the best first, on one line. A record's \
      end is `<end>`; white space in a token is escaped as `tokenize` does it.

        echo 'the cat sat on the' | seqtool complete --model words.seqmodel -k 3
      """)

  @OptionGroup
  var model: LanguageModelOption

  @Option(
    name: .customShort("k", allowingJoined: true),
    help: ArgumentHelp("The N best tokens.", valueName: "n"))
  var k = 1

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard k >= 1 else { throw ValidationError("-k \(k) has no meaning: ask for 1 token or more") }
  }

  func run() throws {
    let loaded = try model.load()
    let start = SymbolGenerator(loaded.model, seed: 1)
    try RecordFilter(stream).run {
      let runner = try Worker(loaded.stages, gives: IDChunk.self)
      return { records in
        let chunk = try runner.run(records)
        var output: [UInt8] = []
        var skipped = SkippedRecords(records)
        for record in 0..<chunk.count {
          if !skipped.contains(record) {
            var generator = start
            for id in chunk.ids[chunk.range(record)] { generator.read(id) }
            let log = generator.logProbabilities
            guard !log.contains(where: \.isNaN) else {
              throw CLIError.notFinite(record: records.firstRecord + record)
            }
            output += try line(log, loaded)
          }
          output.append(stream.delimiter)
        }
        return output
      }
    }
  }

  private func line(_ log: [Float], _ loaded: LanguageModelOption.Loaded) throws -> [UInt8] {
    let best = log.indices.sorted { log[$0] == log[$1] ? $0 < $1 : log[$0] > log[$1] }.prefix(k)
    var line: [UInt8] = []
    for id in best {
      if !line.isEmpty { line.append(0x09) }
      if id == loaded.model.options.end {
        line += Array("<end>".utf8)
      } else {
        var token: [UInt8] = []
        try loaded.decoder.append([Int32(id)], skipsSpecials: false, to: &token)
        TokenFormatter.escape(token[...], into: &line)
      }
      line.append(0x09)
      Probability(log: log[id]).append(to: &line)
    }
    return line
  }
}
