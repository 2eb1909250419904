import ArgumentParser
import Pipeline
import Seq

/// `seqtool export`: a model for other frameworks.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model for other frameworks: ONNX, PyTorch, plain safetensors.",
    discussion: """
      onnx: the network as a graph, ids, pixels or rows in. pytorch: a state dict in safetensors, \
      and beside it FILE.json with labels, vocabulary and options. safetensors: every tensor of the \
      model under its own name. docs/exchange.md has the names and shapes.

        seqtool export --model my.seqmodel --to onnx -o my.onnx
        seqtool export --model my.seqmodel --to pytorch -o my.safetensors --reference expected.npz
        seqtool export --model my.seqmodel --to onnx -o my.onnx --verify expected.npz
      """)

  @OptionGroup
  var model: ModelOption

  @Option(help: "The format.")
  var to: ExportFormat

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      "Also write what the network reads and answers, as arrays for NumPy: a check for whoever "
        + "reads the export.", valueName: "file"),
    completion: .file(extensions: ["npz"]))
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "What --reference answers: texts, one per line, images, tagged sentences, or a series; without "
        + "it, the self-test of a classifier.",
      valueName: "file"), completion: .file())
  var records: String?

  @OptionGroup
  var columns: ColumnOptions

  @OptionGroup
  var verification: VerificationOptions

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard records == nil || reference != nil else {
      throw ValidationError("--records has no effect without --reference")
    }
  }

  func run() throws {
    try OutputFile.check(output)
    let loaded = try ModelOption.load(model.model)
    guard to != .safetensors || verification.isWanted || reference != nil else {
      return try write(SafetensorsFile(allOf: loaded).bytes(), to: output)
    }
    let name = model.model ?? "built-in model"
    guard let network = loaded.chain.exchangeableNetwork else {
      throw CLIError.badData(
        "\(name): holds no network that can be exported")
    }
    try verification.run(on: network)
    if let reference {
      try ReferenceArrays.write(to: reference, of: loaded, records: records, columns)
    }
    let description = try ExportDescription(of: loaded, network)
    switch to {
    case .safetensors: try write(SafetensorsFile(allOf: loaded).bytes(), to: output)
    case .pytorch:
      try write(Array((description.json.text() + "\n").utf8), to: output + ".json")
      try write(network.stateDictionary().bytes(), to: output)
    case .onnx: try write(network.onnx(metadata: description.onnxMetadata), to: output)
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try AtomicFile.write(bytes, to: path, mode: 0o666)
  }
}

/// What a model can be written as.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  case safetensors, pytorch, onnx
}

extension Chain {
  /// The network that other frameworks can take, if there is one.
  var exchangeableNetwork: (any ExchangeableNetwork)? {
    stages.lazy.compactMap { $0.base as? any ExchangeableNetwork }.first
  }
}

extension SafetensorsFile {
  /// Every tensor of a model, those of its text stages too, and nothing else.
  fileprivate init(allOf model: LoadedModel) throws {
    self = try .read(ModelFile.bytes(of: model.chain, information: model.information))
    metadata = [:]
  }
}
