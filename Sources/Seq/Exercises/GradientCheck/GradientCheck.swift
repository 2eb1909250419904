/// The gradients of every layer, cell, loss and network of this module, in Double, against central
/// differences (`GradientChecker`): the exercise that every back-propagation written by hand should
/// pass. The tests check the same pieces.
public enum GradientCheck {
  /// What was found for one piece.
  public struct Row: Sendable {
    public let name: String
    /// How many numbers were varied, one at a time.
    public let count: Int
    /// The largest relative error, and the array and the place in it.
    public let error: Double
    public let place: String
    /// The largest size of a numeric gradient: 0 means that nothing was checked.
    public let largestGradient: Double
  }

  /// Checks every piece at a point that the seed chooses; 2 evaluations for each number.
  ///
  /// A point within the step of a kink (of ReLU or max pooling) has no derivative there, which no
  /// seed from 1 to 20 meets.
  ///
  /// - Parameter onRow: called as rows are done, in order.
  /// - Throws: what `onRow` throws.
  public static func run(seed: UInt64, onRow: (Row) throws -> Void = { _ in }) throws -> [Row] {
    try LayerCase.all.map { piece in
      let row = try self.row(piece, seed: seed)
      try onRow(row)
      return row
    }
  }

  private static func row(_ piece: LayerCase, seed: UInt64) throws -> Row {
    let findings = try piece.check(seed: seed)
    // NaN is worse than any number.
    let worst = findings.max { !$0.error.isNaN && !($1.error <= $0.error) }
    let count = piece.variables(seed: seed).reduce(0) { $0 + $1.values.count }
    return Row(
      name: piece.name, count: count, error: worst?.error ?? .nan,
      place: worst.map { "\($0.name)[\($0.index)]" } ?? "",
      largestGradient: findings.map(\.largestGradient).max() ?? 0)
  }
}

extension LayerCase {
  /// Compares all gradients with central differences.
  package func check(seed: UInt64) throws -> [GradientChecker.Finding] {
    let variables = variables(seed: seed)
    var gradients = Gradients<Double>(layout)
    let dInputs = try self(variables.map(\.values), packs: false).backward(&gradients)
    let analytic = dInputs.map(\.values) + learnt.map { gradients[$0] }
    precondition(analytic.count == variables.count, "\(name) has another number of gradients")
    return try GradientChecker().check(variables, gradients: analytic) {
      try self($0, packs: false).loss
    }
  }
}
