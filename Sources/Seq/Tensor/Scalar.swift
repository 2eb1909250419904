/// A number type that the models can be computed in: `Float` or `Double`.
///
/// Every operation has a default body in plain Swift, written as the equations are written: that is
/// what `Double` runs, and what the gradient checks check. `Float` replaces the hot ones by the C
/// kernels and the BLAS (`Float+Kernels.swift`); the tests hold the two against each other.
///
/// All matrices are row-major; `ld` is the distance between two rows.
public protocol Scalar: BinaryFloatingPoint, Sendable {
  // Matrix products (MatrixProduct.swift, LaidOutMatrix.swift)
  static func multiply(_ product: MatrixProduct<Self>)
  static func packedCount(outputs: Int, inputs: Int) -> Int
  static func pack(_ weight: WeightMatrix<Self>, into packed: UnsafeMutablePointer<Self>)
  static func multiplyPacked(_ product: RowProduct<Self>, by packed: UnsafePointer<Self>)
  static func laidOut(
    _ weight: WeightMatrix<Self>, _ precision: Precision
  ) -> any LaidOutMatrix<Self>

  // Vectors (VectorOperations.swift)
  static func exp(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
  static func applyTanh(_ x: UnsafeMutablePointer<Self>, count: Int)
  static func add(_ x: UnsafePointer<Self>, to y: UnsafeMutablePointer<Self>, count: Int)
  static func scale(_ x: UnsafeMutablePointer<Self>, by factor: Self, count: Int)
  static func maximum(
    _ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, count: Int, row: Int32,
    rows: UnsafeMutablePointer<Int32>?)
  static func sumOfSquares(_ x: UnsafePointer<Self>, count: Int) -> Double
  static func addRows(
    _ x: UnsafePointer<Self>, rows: Int, columns: Int, ld: Int, to y: UnsafeMutablePointer<Self>)
  static func logSoftmax(_ x: UnsafeMutablePointer<Self>, rows: Int, columns: Int)
  static func crossEntropy(
    _ logits: UnsafeMutablePointer<Self>, targets: [Int32], columns: Int, scale: Self
  ) -> [Double]
  static func gatherRows(
    _ table: UnsafePointer<Self>, ids: ArraySlice<Int32>, columns: Int,
    into out: UnsafeMutablePointer<Self>)
  static func scatterAddRows(
    _ rows: UnsafePointer<Self>, ids: [Int32], columns: Int,
    into table: UnsafeMutablePointer<Self>)

  // One step in time of each cell (LSTMCell.swift, GRUCell.swift, RNNCell.swift)
  static func lstmStep(_ step: CellStep<Self>)
  static func lstmStepBackward(_ step: CellStepGradient<Self>)
  static func gruStep(_ step: CellStep<Self>)
  static func gruStepBackward(_ step: CellStepGradient<Self>)
  static func rnnStep(_ step: CellStep<Self>, rectified: Bool)
  static func rnnStepBackward(_ step: CellStepGradient<Self>, rectified: Bool)

  // One pass of an optimiser (Adam.swift)
  static func adamUpdate(_ update: AdamUpdate<Self>)
}

extension Scalar {
  /// The logistic function, 1 / (1 + e^-x).
  static func sigmoid(_ x: Self) -> Self { 1 / (1 + exp(-x)) }
}
