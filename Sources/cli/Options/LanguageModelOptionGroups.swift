public import ArgumentParser
public import Seq

/// The shape of a language model's network.
struct LanguageNetworkOptions: ParsableArguments {
  @Option(help: "Read the text by character, by word (white space), or by subword (BPE).")
  var unit = LanguageModelRecipe.Unit.character

  @Option(help: ArgumentHelp("The most symbols of the vocabulary.", valueName: "n"))
  var vocabularySize: Int?

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

  @Option(help: "Normalise what each layer gives to the one above.")
  var normalization: StackNormalization?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether the output weights are the embedding, which then has as many numbers as a state."
  )
  var tied: Bool?

  func apply(to recipe: inout LanguageModelRecipe) {
    if let vocabularySize { recipe.vocabularySize = vocabularySize }
    if let cell { recipe.architecture.cell = cell }
    if let hidden { recipe.architecture.hidden = hidden }
    if let layers { recipe.architecture.layers = layers }
    if let normalization { recipe.architecture.normalization = normalization }
    if let embedding {
      recipe.architecture.embedding = embedding
      recipe.architecture.tied = recipe.architecture.tied && embedding == recipe.architecture.hidden
    }
    if let tied { recipe.architecture.tied = tied }
    if embedding == nil, recipe.architecture.tied {
      recipe.architecture.embedding = recipe.architecture.hidden
    }
  }
}

/// How a language model learns. What is not given is chosen by the recipe.
struct LanguageLearningOptions: ParsableArguments {
  @OptionGroup
  var common: CommonLearningOptions

  @Option(help: ArgumentHelp("Steps that the gradient flows back through.", valueName: "n"))
  var bptt: Int?

  @Flag(help: "Vary that number from window to window (AWD-LSTM).")
  var randomBptt = false

  @Option(help: ArgumentHelp("Multiply the rate after each epoch by this ...", valueName: "x"))
  var decay: Double?

  @Option(help: ArgumentHelp("... past the first N epochs; 0 is never.", valueName: "n"))
  var decayAfter: Int?

  @Option(
    help: ArgumentHelp(
      "Average the weights once the dev loss is no better than N epochs before; 0 is never.",
      valueName: "n"))
  var averageAfter: Int?

  @Option(
    help: ArgumentHelp("Dropout with one mask per window, in place of --dropout.", valueName: "p"))
  var variationalDropout: Double?

  @Option(help: ArgumentHelp("Drop whole symbols of the input.", valueName: "p"))
  var embeddingDropout: Double?

  @Option(help: ArgumentHelp("Drop recurrent weights.", valueName: "p"))
  var weightDropout: Double?

  @Option(help: ArgumentHelp("Penalty on large outputs (AR).", valueName: "x"))
  var activationPenalty: Double?

  @Option(help: ArgumentHelp("Penalty on sudden outputs (TAR).", valueName: "x"))
  var temporalPenalty: Double?

  @Option(help: ArgumentHelp("Begin with weights from -x to x.", valueName: "x"))
  var initialRange: Double?

  @Option(help: ArgumentHelp("Added to an LSTM's forget gate at the start.", valueName: "x"))
  var forgetBias: Double?

  /// Lays what was given over the recipe's options.
  func apply(to options: inout LanguageModelTraining) {
    if variationalDropout != nil { options.dropout = 0 }
    common.apply(to: &options)
    if let bptt { options.bptt = bptt }
    options.randomizesBPTT = randomBptt
    if let decay { options.decay = decay }
    if let decayAfter { options.decayAfter = decayAfter }
    if let averageAfter { options.averageAfter = averageAfter }
    if let initialRange { options.initialRange = initialRange }
    if let forgetBias { options.forgetBias = forgetBias }
    apply(to: &options.regularization)
  }

  private func apply(to regularization: inout LanguageModelRegularization) {
    if let variationalDropout { regularization.variationalDropout = variationalDropout }
    if let embeddingDropout { regularization.embeddingDropout = embeddingDropout }
    if let weightDropout { regularization.weightDropout = weightDropout }
    if let activationPenalty { regularization.activation = activationPenalty }
    if let temporalPenalty { regularization.temporalActivation = temporalPenalty }
  }
}

extension LanguageModelRecipe.Unit: ExpressibleByArgument {}
extension StackNormalization: ExpressibleByArgument {}
