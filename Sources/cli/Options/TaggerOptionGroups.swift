public import ArgumentParser
public import Seq

/// The shape of a tagger's network. What is not given is chosen by the recipe.
struct TaggerNetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Cell: rnn, rnn-relu, lstm or gru.", valueName: "name"),
    completion: .list(Cells.all.map(\.name)))
  var cell: String?

  @Option(help: ArgumentHelp("Units of a hidden state, in each direction.", valueName: "n"))
  var hidden: Int?

  @Option(help: ArgumentHelp("Numbers per embedded word.", valueName: "n"))
  var embedding: Int?

  @Option(help: ArgumentHelp("Recurrent layers.", valueName: "n"))
  var layers: Int?

  @Flag(inversion: .prefixedNo, help: "Whether each layer also reads backwards.")
  var bidirectional: Bool?

  @Option(help: ArgumentHelp("Numbers per embedded character.", valueName: "n"))
  var characterEmbedding: Int?

  @Option(
    help: ArgumentHelp(
      "Units of the network that spells words, in each direction; 0 is none.", valueName: "n"))
  var characterHidden: Int?

  @Option(help: "How scores become tags: each by itself, or a conditional random field.")
  var decoder: TaggerOptions.Decoder?

  @Option(
    help: ArgumentHelp(
      "Words seen less often are unknown ones, which are known by their spelling.",
      valueName: "n"))
  var minCount: Int?

  func apply(to recipe: inout TaggerRecipe) {
    if let cell { recipe.architecture.cell = cell }
    if let hidden { recipe.architecture.hidden = hidden }
    if let embedding { recipe.architecture.embedding = embedding }
    if let layers { recipe.architecture.layers = layers }
    if let bidirectional { recipe.architecture.bidirectional = bidirectional }
    if let characterEmbedding { recipe.architecture.characterEmbedding = characterEmbedding }
    if let characterHidden { recipe.architecture.characterHidden = characterHidden }
    if let decoder { recipe.architecture.decoder = decoder }
    if let minCount { recipe.minCount = minCount }
  }
}

/// How a tagger learns.
struct TaggerLearningOptions: ParsableArguments {
  @OptionGroup
  var common: CommonLearningOptions

  @OptionGroup
  var recurrent: RecurrentLearningOptions

  @Option(help: ArgumentHelp("Hide whole words with this probability.", valueName: "p"))
  var wordDropout: Double?

  func apply(to options: inout TrainingOptions) {
    common.apply(to: &options)
    recurrent.apply(to: &options)
    if let wordDropout { options.featureDropout = wordDropout }
  }
}

extension TaggerOptions.Decoder: ExpressibleByArgument {}
