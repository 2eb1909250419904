import ArgumentParser
import Pipeline
import Seq

/// `seqtool import`: weights of another framework as a model.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a model of weights from PyTorch.",
    discussion: """
      FILE is a state dict in safetensors: torch.nn.Embedding, RNN, LSTM or GRU (stacked, \
      bidirectional), Linear; with --like all that export writes. Layers and sizes are found from \
      names and shapes. Text is read as --stage, --by and --symbols say, or, with --like, as another \
      model reads it, of which all but the weights is kept. docs/exchange.md explains it.

        seqtool import --from pytorch my.safetensors --labels labels.txt --symbols symbols.txt \
      -o my.seqmodel
        seqtool import --from pytorch tuned.safetensors --like my.seqmodel -o tuned.seqmodel
      """)

  @Argument(help: "The state dict.", completion: .file(extensions: ["safetensors"]))
  var file: String

  @Option(help: "What made it.")
  var from: ImportFormat = .pytorch

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"),
    completion: .file(extensions: ["seqmodel"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Keep all of this model but the weights.", valueName: "model"),
    completion: .file(extensions: ["seqmodel"]))
  var like: String?

  @OptionGroup(title: "Without --like")
  var parts: ImportParts

  @OptionGroup(title: "Names in the file, where they cannot be found")
  var names: StateNameOptions

  @OptionGroup
  var verification: VerificationOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    if like == nil {
      guard parts.labels != nil, parts.symbols != nil else {
        throw ValidationError(
          "the weights do not say what classes and symbols are called "
            + "(give --labels and --symbols, or --like)")
      }
    } else if let option = parts.given.first {
      throw ValidationError("\(option) has no effect beside --like, which says it already")
    }
  }

  func run() throws {
    try OutputFile.check(output)
    let source = try FileBytes.read(file)
    let weights = try StateDictionary(SafetensorsFile.read(source, name: file), file: file)
    let model =
      try like.map { try ImportedModel(like: ModelOption.load($0), name: $0, weights, names.given) }
      ?? ImportedModel(parts, weights, names.given)
    try verification.run(on: model.network)
    let bytes = try model.bytes(provenance: [
      "command": "import", "from": .string(from.rawValue),
      "source_sha256": .string(Digest.sha256(source)),
      "tool": .string("seqtool \(SeqtoolCommand.toolVersion)"),
    ])
    try AtomicFile.write(bytes, to: output)
  }
}

/// Where weights can come from.
enum ImportFormat: String, CaseIterable, ExpressibleByArgument {
  case pytorch
}
