public import ArgumentParser
public import Seq

/// How recurrent layers begin and what they leave out, beside `CommonLearningOptions`.
struct RecurrentLearningOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Dropout with one mask for all steps of a sequence.", valueName: "p"))
  var variationalDropout: Double?

  @Option(help: "How the input weights begin.")
  var initializer: Initializer?

  @Option(help: "How the recurrent weights begin.")
  var recurrentInitializer: Initializer?

  @Option(help: ArgumentHelp("Added to an LSTM's forget gate at the start.", valueName: "x"))
  var forgetBias: Double?

  /// Lays what was given over the recipe's options.
  func apply(to options: inout TrainingOptions) {
    if let variationalDropout { options.variationalDropout = variationalDropout }
    if let initializer { options.initializer = initializer }
    if let recurrentInitializer { options.recurrentInitializer = recurrentInitializer }
    if let forgetBias { options.forgetBias = forgetBias }
  }
}

extension Initializer: ExpressibleByArgument {}
