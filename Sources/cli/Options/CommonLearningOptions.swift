public import ArgumentParser
public import Seq

/// How any network learns. What is not given is chosen by the recipe for the data at hand.
struct CommonLearningOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Passes over the data.", valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp("Records, or pieces of a text, side by side in a step.", valueName: "n"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "Add up the gradients of N batches for each step: a batch N times as large.",
      valueName: "n"))
  var accumulate = 1

  @Option(
    help: ArgumentHelp("sgd, momentum, adagrad, rmsprop, adam or adamw.", valueName: "name"),
    completion: .list(UpdateRules.all.map(\.name)))
  var optimizer: String?

  @Option(help: ArgumentHelp("The largest learning rate.", valueName: "x"))
  var learningRate: Double?

  @Option(help: "How the learning rate changes.")
  var schedule: Schedule?

  @Option(help: ArgumentHelp("The share of all steps with a rising rate.", valueName: "p"))
  var warmUp: Double?

  @Option(help: ArgumentHelp("Drop numbers between layers with this probability.", valueName: "p"))
  var dropout: Double?

  @Option(help: ArgumentHelp("L1 penalty on the weights.", valueName: "x"))
  var l1: Double?

  @Option(help: ArgumentHelp("L2 penalty (weight decay).", valueName: "x"))
  var l2: Double?

  @Option(help: ArgumentHelp("Clip the gradient to this norm; 0 is off.", valueName: "x"))
  var clipNorm: Double?

  @Option(help: ArgumentHelp("Clip each number of the gradient; 0 is off.", valueName: "x"))
  var clipValue: Double?

  @Flag(help: "Go back to the best weights after an epoch without a better dev loss.")
  var rollBack = false

  @Option(
    help: ArgumentHelp("Stop after N epochs without a better dev loss; 0 is never.", valueName: "n")
  )
  var earlyStopping: Int?

  @Option(help: ArgumentHelp("The same seed and data give the same bytes.", valueName: "n"))
  var seed: UInt64 = 1

  /// Lays what was given over the recipe's options.
  func apply(to options: inout some LearningSettings) {
    if let epochs { options.epochs = epochs }
    if let batchSize { options.batchSize = batchSize }
    options.accumulate = accumulate
    options.rollsBack = rollBack
    if let optimizer { options.optimizer = optimizer }
    if let learningRate { options.learningRate = learningRate }
    if let schedule { options.schedule = schedule }
    if let warmUp { options.warmUp = warmUp }
    if let dropout { options.dropout = dropout }
    if let l1 { options.l1 = l1 }
    if let l2 { options.l2 = l2 }
    if let clipNorm { options.clipNorm = clipNorm }
    if let clipValue { options.clipValue = clipValue }
    if let earlyStopping { options.earlyStopping = earlyStopping }
    options.seed = seed
  }
}

extension Schedule: ExpressibleByArgument {}
