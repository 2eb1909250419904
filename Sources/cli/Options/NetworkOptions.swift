import ArgumentParser
import Seq

/// The shape of the network. What is not given is chosen by the recipe for the data at hand.
struct NetworkOptions: ParsableArguments {
  @Option(help: "Read records by character or by word.")
  var unit: ClassifierRecipe.Unit?

  @Option(
    help: ArgumentHelp("Cell: rnn, rnn-relu, lstm or gru.", valueName: "name"),
    completion: .list(Cells.all.map(\.name)))
  var cell: String?

  @Option(help: ArgumentHelp("Units of a hidden state.", valueName: "n"))
  var hidden: Int?

  @Option(help: ArgumentHelp("Numbers per embedded symbol.", valueName: "n"))
  var embedding: Int?

  @Option(help: ArgumentHelp("Recurrent layers.", valueName: "n"))
  var layers: Int?

  @Flag(inversion: .prefixedNo, help: "Whether each layer also reads backwards.")
  var bidirectional: Bool?

  @Option(
    help: ArgumentHelp("last, mean, max, attention; several joined by +.", valueName: "rule"),
    completion: .list(["last", "mean", "max", "attention"]))
  var pooling: String?

  @Option(
    help: ArgumentHelp(
      "N-grams weighed beside the network, such as 1-4, or none.", valueName: "n-m"),
    completion: .list(["1-2", "1-3", "1-4", "1-5", "none"]))
  var ngrams: NGramRange?

  /// Lays what was given over the recipe.
  func apply(to recipe: inout ClassifierRecipe) {
    if let cell { recipe.architecture.cell = cell }
    if let hidden { recipe.architecture.hidden = hidden }
    if let embedding { recipe.architecture.embedding = embedding }
    if let layers { recipe.architecture.layers = layers }
    if let bidirectional { recipe.architecture.bidirectional = bidirectional }
    if let pooling { recipe.architecture.pooling = pooling }
    if let ngrams { recipe.ngrams = ngrams.range }
  }
}

extension ClassifierRecipe.Unit: ExpressibleByArgument {}
