/// A table `[V, D]` of which each symbol takes its row; a negative id takes zeros.
public struct Embedding: Sendable {
  /// V and D.
  public let symbolCount: Int
  public let size: Int
  public let weight: Parameter

  /// Adds `name.weight` to `layout`.
  public init(_ name: String, symbolCount: Int, size: Int, in layout: inout ParameterLayout) {
    self.symbolCount = symbolCount
    self.size = size
    weight = layout.add("\(name).weight", [symbolCount, size])
  }

  /// M ids to `[M, D]`.
  public func forward<S>(_ ids: [Int32], _ weights: Weights<S>) -> Tensor<S> {
    var y = Tensor<S>(uninitialized: [ids.count, size])
    S.gatherRows(
      weights.pointer(weight), ids: ids[...], columns: size, into: y.mutablePointer)
    return y
  }

  /// Adds each row of dy to the gradient of its symbol's row, in order.
  public func backward<S>(_ dy: Tensor<S>, ids: [Int32], into gradients: inout Gradients<S>) {
    S.scatterAddRows(dy.pointer, ids: ids, columns: size, into: gradients.pointer(weight))
  }
}

extension Scalar {
  /// out[i] = table[ids[i]], rows of `columns`; zeros for a negative id.
  public static func gatherRows(
    _ table: UnsafePointer<Self>, ids: ArraySlice<Int32>, columns: Int,
    into out: UnsafeMutablePointer<Self>
  ) {
    for (i, id) in ids.enumerated() {
      let row = out + i * columns
      if id < 0 {
        row.update(repeating: 0, count: columns)
      } else {
        row.update(from: table + Int(id) * columns, count: columns)
      }
    }
  }

  /// table[ids[i]] += rows[i], in the order of i; a negative id is skipped.
  public static func scatterAddRows(
    _ rows: UnsafePointer<Self>, ids: [Int32], columns: Int,
    into table: UnsafeMutablePointer<Self>
  ) {
    for (i, id) in ids.enumerated() where id >= 0 {
      add(rows + i * columns, to: table + Int(id) * columns, count: columns)
    }
  }
}
