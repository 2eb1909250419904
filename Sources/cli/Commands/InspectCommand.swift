import ArgumentParser
import Pipeline

/// `seqtool inspect`: what is in a model file.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a model: stages, tensors, digests, provenance, self-test.",
    discussion: """
      The file is checked as every command checks it, and its self-test is run.

        seqtool inspect my.seqmodel
        seqtool inspect --json my.seqmodel | jq .provenance
      """)

  @Argument(
    help: "The model file; without it, the built-in model.",
    completion: .file(extensions: ["seqmodel"]))
  var model: String?

  @Flag(help: "One JSON object.")
  var json = false

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func run() throws {
    let text = try ModelText(ModelOption.load(model), name: model ?? "built-in model")
    try StandardOutput.write(json ? text.json.text() + "\n" : text.table)
  }
}
