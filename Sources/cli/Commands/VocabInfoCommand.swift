import ArgumentParser
import Pipeline
import Tokenize

/// `seqtool vocab info`: what a count file or a vocabulary file holds.
struct VocabInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show the size of a vocabulary or count file, and how few tokens cover most text.",
    discussion: "seqtool vocab info --json words.vocab | jq .types")

  @Argument(help: "The file; none or - is stdin.", completion: .file())
  var file = "-"

  @Flag(help: "One JSON object.")
  var json = false

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    let summary = try CountSummary(file: file)
    let rows: [(key: String, text: String, value: UInt64)] = [
      ("special_tokens", "special tokens", UInt64(summary.specialTokens)),
      ("types", "types", UInt64(summary.types)),
      ("tokens", "tokens", summary.tokens),
      ("seen_once", "types seen once", UInt64(summary.once)),
      ("most_frequent", "largest count", summary.mostFrequent),
      ("longest_token", "longest token (bytes)", UInt64(summary.longestToken)),
      ("types_covering_90", "types covering 90 %", UInt64(summary.types(covering: 0.9))),
      ("types_covering_99", "types covering 99 %", UInt64(summary.types(covering: 0.99))),
    ]
    let order = summary.isSortedByBytes ? "bytes" : "id"
    if json {
      let members = rows.map { "\"\($0.key)\":\($0.value)" }
      try StandardOutput.write("{\"order\":\"\(order)\",\(members.joined(separator: ","))}\n")
    } else {
      let table = TextTable([["order", order]] + rows.map { [$0.text, String($0.value)] })
      try StandardOutput.write(table.text)
    }
  }
}
