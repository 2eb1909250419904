/// The input part of the pre-activations of M steps, with its bias: a row for each, or a **table** of which
/// each takes a row. So what steps have in common stands in memory once.
public struct ProjectedInput<S: Scalar>: Sendable {
  /// `[M, G H]`, or `[V, G H]`.
  public let matrix: Tensor<S>
  /// For each step, its row of the table.
  let rows: [Int32]?

  public init(_ matrix: Tensor<S>) {
    self.matrix = matrix
    rows = nil
  }

  init(table: Tensor<S>, rows: [Int32]) {
    matrix = table
    self.rows = rows
  }

  /// The row of every step, `[M, G H]`.
  package var writtenOut: Tensor<S> {
    guard let rows else { return matrix }
    var all = Tensor<S>(uninitialized: [rows.count, matrix.columns])
    S.gatherRows(
      matrix.pointer, ids: rows[...], columns: matrix.columns, into: all.mutablePointer)
    return all
  }

  /// Calls `body` with where the steps from `start` on find their rows: by themselves, or by number.
  func withRows(
    from start: Int, _ body: (UnsafePointer<S>, _ rows: UnsafePointer<Int32>?) -> Void
  ) {
    guard let rows else { return body(matrix.pointer + start * matrix.columns, nil) }
    rows.withUnsafeBufferPointer { body(matrix.pointer, $0.baseAddress.map { $0 + start }) }
  }
}
