public import ArgumentParser
public import Seq

/// How exactly the model's matrices are kept while it reads.
struct PrecisionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the model's matrices as float32, as bf16 (half the memory) or as int8 (a quarter); "
        + "`evaluate` shows what that changes.", valueName: "precision"))
  var precision = Precision.float32
}

extension Precision: ExpressibleByArgument {}
