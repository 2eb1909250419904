public import ArgumentParser
import Pipeline
public import Tokenize

/// `seqtool vocab bpe`: text in, a subword tokenizer out.
struct VocabBPECommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bpe",
    abstract: "Learn a byte-pair encoding from text.",
    discussion: """
      Merges the most frequent pair of tokens again and again (Sennrich, Haddow and Birch, 2016), \
      ties by bytes, and writes a tokenizer.json that `encode`, `tokenize` and Hugging Face's \
      library read.

        seqtool vocab bpe --size 8192 text.txt -o tokenizer.json
        seqtool encode --tokenizer tokenizer.json text.txt
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var output: String

  @Option(help: ArgumentHelp("Tokens in the end, special ones included.", valueName: "n"))
  var size = 8192

  @Option(help: "Begin with the 256 bytes, or with the characters of the text.")
  var alphabet = BPETrainingOptions.Alphabet.bytes

  @Option(help: ArgumentHelp("Merge no pair that is seen less often.", valueName: "n"))
  var minCount = 2

  @Option(
    name: .customLong("special"),
    help: ArgumentHelp("A special token; may be given several times.", valueName: "token"))
  var specials: [String] = []

  @OptionGroup(title: "Stream")
  var stream: StreamOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    try OutputFile.check(output)
    var trainer = try BPETrainer(
      BPETrainingOptions(
        alphabet: alphabet, vocabularySize: size, minFrequency: minCount,
        specialTokens: specials))
    try RecordFilter(stream).withReader { reader in
      while let chunk = try reader.next() { try trainer.count(chunk.text) }
    }
    try AtomicFile.write(try trainer.train().source, to: output, mode: 0o644)
  }
}

extension BPETrainingOptions.Alphabet: ExpressibleByArgument {}
