import ArgumentParser
import Seq

/// Whether a language model learns from the text on which it is judged.
struct DynamicEvaluationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let a language model go on learning, at this rate, from what it has already been judged on "
        + "(dynamic evaluation); the text is then one stream.", valueName: "x"))
  var dynamicRate: Double?

  @Option(help: ArgumentHelp("How fast that is forgotten, from 0 to 1.", valueName: "x"))
  var dynamicDecay: Double?

  @Option(help: ArgumentHelp("Symbols between two steps of it; without it, 20.", valueName: "n"))
  var dynamicWindow: Int?

  func validate() throws {
    guard dynamicRate != nil || (dynamicDecay == nil && dynamicWindow == nil) else {
      throw ValidationError("--dynamic-decay and --dynamic-window need --dynamic-rate")
    }
    _ = try evaluation
  }

  var evaluation: DynamicEvaluation? {
    get throws {
      try dynamicRate.map {
        try DynamicEvaluation(
          learningRate: $0, decay: dynamicDecay ?? 0, window: dynamicWindow ?? 20)
      }
    }
  }
}
