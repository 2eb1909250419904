import ArgumentParser
import Pipeline
import Seq

/// A comparison with answers that another program gave: shared by `export` and `import`.
struct VerificationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Compare with the inputs and answers in this file, as --reference writes them; print the largest "
        + "difference; exit 1, writing nothing, where it is too large.", valueName: "file"),
    completion: .file(extensions: ["npz"]))
  var verify: String?

  @Option(help: ArgumentHelp("The largest difference that --verify accepts.", valueName: "number"))
  var tolerance = 1e-5

  /// The largest file of --verify, in bytes.
  private static let maximumSize = 1 << 28

  var isWanted: Bool { verify != nil }

  func validate() throws {
    guard tolerance >= 0 else {
      throw ValidationError("--tolerance \(tolerance) has no meaning (use 0 or more)")
    }
  }

  /// Compares and prints, where that is wanted.
  /// - Throws: `CLIError.belowLimit` where the difference is too large.
  func run(on network: any ExchangeableNetwork) throws {
    guard let verify else { return }
    let bytes = try FileBytes.read(verify, maximumSize: Self.maximumSize)
    let arrays = try NPZReader(bytes, name: verify).arrays
    let difference = try network.largestDifference(from: arrays, file: verify)
    try StandardOutput.write("largest difference: \(difference)\n")
    guard difference <= tolerance else {
      throw CLIError.belowLimit(
        "\(verify): the largest difference is \(difference), above \(tolerance)")
    }
  }
}
