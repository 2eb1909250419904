import ArgumentParser
import Seq

/// The shape of a forecaster's network. What is not given is chosen by the recipe.
struct ForecasterNetworkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many values are foretold at once.", valueName: "n"))
  var horizon = 1

  @Option(help: ArgumentHelp("Rows that are read.", valueName: "n"))
  var window: Int?

  @Option(
    help: ArgumentHelp(
      "The period in rows, such as 12 for months; 0 is none.", valueName: "n"))
  var season = 0

  @Option(
    help: ArgumentHelp("Cell: rnn, rnn-relu, lstm or gru.", valueName: "name"),
    completion: .list(Cells.all.map(\.name)))
  var cell: String?

  @Option(help: ArgumentHelp("Units of a hidden state.", valueName: "n"))
  var hidden: Int?

  @Option(help: ArgumentHelp("Recurrent layers.", valueName: "n"))
  var layers: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether values count from the last one, or the last season, whatever the level.")
  var relative: Bool?

  func apply(to architecture: inout ForecasterOptions) {
    if let window { architecture.window = window }
    if let cell { architecture.cell = cell }
    if let hidden { architecture.hidden = hidden }
    if let layers { architecture.layers = layers }
    if let relative { architecture.relative = relative }
  }
}
