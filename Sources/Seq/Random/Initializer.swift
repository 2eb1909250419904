/// How the weights of a matrix `[outputs, inputs]` begin.
public enum Initializer: String, Codable, Sendable, Hashable, CaseIterable {
  /// U(-1/√H, 1/√H), as PyTorch begins its recurrent and linear layers; H is `inputs`, or for a
  /// recurrent layer its hidden size.
  case uniform
  /// U(-a, a) with a = √(6 / (inputs + outputs)) (Glorot and Bengio, 2010, equation 16).
  case glorot
  /// A random orthogonal matrix, each gate's block by itself (Saxe, McClelland and Ganguli, 2014).
  case orthogonal
  /// The identity, for the recurrent weights of a rectified RNN (Le, Jaitly and Hinton, 2015).
  case identity
  /// N(0, 1), as PyTorch begins embeddings.
  case normal
  case zeros

  /// Fills `rows` by `columns` numbers. A recurrent matrix has `blocks` square blocks of rows.
  public func fill<S: Scalar>(
    rows: Int, columns: Int, blocks: Int = 1, fanIn: Int? = nil, using random: inout RandomGenerator
  ) -> [S] {
    switch self {
    case .zeros: [S](repeating: 0, count: rows * columns)
    case .normal: (0..<rows * columns).map { _ in S(random.normal()) }
    case .uniform: Self.uniform(rows * columns, 1 / Double(fanIn ?? columns).squareRoot(), &random)
    case .glorot:
      Self.uniform(
        rows * columns, (6 / Double(columns + rows / blocks)).squareRoot(), &random)
    case .identity:
      (0..<rows).flatMap { row in
        (0..<columns).map { $0 == row % (rows / blocks) ? S(1) : S(0) }
      }
    case .orthogonal:
      (0..<blocks).flatMap { _ in
        Self.orthogonal(rows: rows / blocks, columns: columns, &random).map { S($0) }
      }
    }
  }

  private static func uniform<S: Scalar>(
    _ count: Int, _ bound: Double, _ random: inout RandomGenerator
  ) -> [S] {
    (0..<count).map { _ in S(random.uniform(-bound, bound)) }
  }

  /// Gram-Schmidt, twice over, on normal vectors: rows are orthonormal where rows <= columns, else
  /// columns are.
  private static func orthogonal(
    rows: Int, columns: Int, _ random: inout RandomGenerator
  ) -> [Double] {
    let (count, length) = (min(rows, columns), max(rows, columns))
    var basis: [[Double]] = []
    while basis.count < count {
      var vector = (0..<length).map { _ in random.normal() }
      for _ in 0..<2 {
        for other in basis {
          let dot = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for i in 0..<length { vector[i] -= dot * other[i] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm > 1e-6 { basis.append(vector.map { $0 / norm }) }
    }
    return (0..<rows).flatMap { row in
      (0..<columns).map { rows <= columns ? basis[row][$0] : basis[$0][row] }
    }
  }
}
