import ArgumentParser
import Pipeline
import Tokenize

/// `seqtool vocab build`: count files in, a vocabulary file out.
struct VocabBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Choose the tokens of a vocabulary from counts.",
    discussion: """
      The vocabulary file has one line for each id from 0 on, `token TAB count`: special tokens \
      first, with the count 0, then the others by falling count, ties by bytes.

        seqtool vocab build --min-count 2 --max-size 30000 all.counts > words.vocab
        cut -f 1 words.vocab
      """)

  @Argument(help: "Count files, which are added; none or - is stdin.", completion: .file())
  var files: [String] = []

  @Option(help: ArgumentHelp("Leave out tokens seen less often.", valueName: "n"))
  var minCount = 1

  @Option(
    help: ArgumentHelp("Most tokens besides the special ones; 0 for no limit.", valueName: "n"))
  var maxSize = 0

  @Option(
    name: .customLong("special"),
    help: ArgumentHelp(
      "A special token, pinned to the next free id; may be given several times. (default: <unk>, "
        + "<end>)", valueName: "token"))
  var specials: [String] = []

  @Flag(help: "No special token at all.")
  var noSpecial = false

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard minCount >= 1 else {
      throw ValidationError("--min-count \(minCount) has no meaning (give 1 or more)")
    }
    guard maxSize >= 0 else {
      throw ValidationError("--max-size \(maxSize) has no meaning (give 0 for no limit, or more)")
    }
    guard !noSpecial || specials.isEmpty else {
      throw ValidationError("--special and --no-special exclude each other")
    }
  }

  func run() throws {
    let standard = [Vocabulary.unknownToken, Vocabulary.endToken]
    let built = try VocabularyFile(
      countFiles: files.isEmpty ? ["-"] : files,
      specials: noSpecial ? [] : specials.isEmpty ? standard : specials,
      minCount: UInt64(minCount), maxSize: maxSize)
    try StandardOutput.write(built.text)
  }
}
