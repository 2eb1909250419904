import ArgumentParser
import Pipeline
import Tokenize

/// Which model to use.
struct ModelOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .long],
    help: "The model file; without it, the built-in model of surname origins.",
    completion: .file(extensions: ["seqmodel"]))
  var model: String?

  /// Loads and checks the model, which must lead from text to class probabilities.
  func loadClassifier(quiet: Bool) throws -> LoadedModel {
    try classifier(in: try Self.load(model), quiet: quiet)
  }

  /// The model, if it leads from text to class probabilities.
  /// - Throws: `CLIError.badData` where it does not.
  func classifier(in loaded: LoadedModel, quiet: Bool) throws -> LoadedModel {
    try Self.classifier(in: loaded, path: model, quiet: quiet)
  }

  /// The same for a model from another option.
  static func classifier(
    in loaded: LoadedModel, path: String?, quiet: Bool
  ) throws -> LoadedModel {
    let (input, output) = (loaded.chain.input, loaded.chain.output)
    guard input == .text, output == .predictions else {
      throw CLIError.badData(
        "\(path ?? "built-in model"): leads from \(input.rawValue) to \(output.rawValue), "
          + "but a classifier leads from text to predictions")
    }
    let (trained, here) = (loaded.information.unicodeVersion, UnicodeInfo.unicodeVersion)
    if !quiet && trained != here {
      StandardError.note(
        "the model was trained with Unicode \(trained), this machine has \(here): "
          + "rare characters may be read differently")
    }
    return loaded
  }

  /// Loads and checks a model file, or the built-in model.
  static func load(_ path: String?) throws -> LoadedModel {
    guard let path else { return try BuiltIn.model() }
    return try ModelFile.read(path, registry: BuiltIn.registry())
  }
}
