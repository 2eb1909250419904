import ArgumentParser
import Glibc
import Pipeline
import Tokenize

/// `seqtool vocab merge`: count files in, their sum out.
struct VocabMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Add count files.",
    discussion: """
      Memory does not grow with the files. The result does not depend on their order.

        seqtool vocab merge part-*.counts > all.counts
      """)

  @Argument(help: "Count files; none or - is stdin.", completion: .file())
  var files: [String] = []

  @Option(
    name: [.customShort("T"), .long],
    help: ArgumentHelp(
      "Where very many files are merged in groups; $TMPDIR or /tmp where not given.",
      valueName: "folder"))
  var temporaryDirectory: String?

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    let writer = RecordWriter(descriptor: STDOUT_FILENO)
    try CountSpiller.merge(
      files: files.isEmpty ? ["-"] : files, folder: SpillingOptions.folder(temporaryDirectory),
      to: writer.write)
    try writer.flush()
  }
}
