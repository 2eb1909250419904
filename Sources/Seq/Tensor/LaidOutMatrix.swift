import CKernels

/// A weight matrix in the form that products read fastest.
public protocol LaidOutMatrix<Element>: Sendable {
  associatedtype Element: Scalar
  /// C = A W^T + what the product begins with.
  func multiply(_ product: RowProduct<Element>)
}

/// C `[m, outputs]` = A `[m, inputs]` times a laid out matrix, plus C itself, or plus a bias.
///
/// A row of the result does not depend on `m` or on the other rows, to the last bit.
public struct RowProduct<S: Scalar> {
  var m: Int
  var outputs: Int
  var inputs: Int
  var a: UnsafePointer<S>
  var lda: Int
  var bias: UnsafePointer<S>?
  var accumulates = false
  var c: UnsafeMutablePointer<S>
  var ldc: Int
  /// Threads that have nothing else to do.
  var sharing: WorkerPool?
}

/// All bits of the weights.
struct PackedMatrix<Element: Scalar>: LaidOutMatrix {
  private let panels: Tensor<Element>

  init(_ weight: WeightMatrix<Element>) {
    var panels = Tensor<Element>(
      uninitialized: [Element.packedCount(outputs: weight.outputs, inputs: weight.inputs)])
    Element.pack(weight, into: panels.mutablePointer)
    self.panels = panels
  }

  func multiply(_ product: RowProduct<Element>) {
    Element.multiplyPacked(product, by: panels.pointer)
  }
}

/// Weights rounded to bf16, half the bytes.
struct BF16Matrix: LaidOutMatrix {
  private let panels: [UInt16]

  init(_ weight: WeightMatrix<Float>) {
    let count = Float.packedCount(outputs: weight.outputs, inputs: weight.inputs)
    var floats = Tensor<Float>(uninitialized: [count])
    Float.pack(weight, into: floats.mutablePointer)
    panels = [UInt16](unsafeUninitializedCapacity: count) { target, initialized in
      if let target = target.baseAddress { seq_round_bf16(count, floats.pointer, target) }
      initialized = count
    }
  }

  func multiply(_ p: RowProduct<Float>) {
    seq_gemm_bf16(
      Int32(p.m), Int32(p.outputs), Int32(p.inputs), p.a, Int32(p.lda), panels, p.bias,
      p.accumulates, p.c, Int32(p.ldc))
  }
}

/// Weights as 8-bit integers, a quarter of the bytes.
struct Int8Matrix: LaidOutMatrix {
  private let panels: [Int8]
  private let scales: [Float]
  private let sums: [Int32]

  /// The most inputs whose sums fit 32 bits.
  static var maximumInputs: Int { Int(SEQ_INT8_MAX_INPUTS) }

  init(_ weight: WeightMatrix<Float>) {
    let (n, k) = (Int32(weight.outputs), Int32(weight.inputs))
    var panels = [Int8](repeating: 0, count: seq_int8_count(n, k))
    var scales = [Float](repeating: 0, count: weight.outputs)
    var sums = [Int32](repeating: 0, count: weight.outputs)
    seq_pack_int8(
      weight.isTransposed, n, k, weight.values, weight.isTransposed ? n : k, &panels, &scales,
      &sums)
    (self.panels, self.scales, self.sums) = (panels, scales, sums)
  }

  func multiply(_ p: RowProduct<Float>) {
    let (m, k) = (Int32(p.m), Int32(p.inputs))
    withUnsafeTemporaryAllocation(
      byteCount: seq_quantized_rows_bytes(m, k), alignment: MemoryLayout<Int64>.alignment
    ) { rows in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: p.m) { rowScales in
        guard let rows = rows.baseAddress, let rowScales = rowScales.baseAddress else { return }
        seq_quantize_rows(m, k, p.a, Int32(p.lda), rows, rowScales)
        seq_gemm_int8(
          m, Int32(p.outputs), k, rows, rowScales, panels, scales, sums, p.bias, p.accumulates, p.c,
          Int32(p.ldc))
      }
    }
  }
}

extension Scalar {
  /// Only `Float` has other forms.
  public static func laidOut(
    _ weight: WeightMatrix<Self>, _ precision: Precision
  ) -> any LaidOutMatrix<Self> { PackedMatrix(weight) }
}

extension Float {
  public static func laidOut(
    _ weight: WeightMatrix<Float>, _ precision: Precision
  ) -> any LaidOutMatrix<Float> {
    switch precision {
    case .int8 where weight.inputs <= Int8Matrix.maximumInputs: Int8Matrix(weight)
    case .bf16: BF16Matrix(weight)
    case .float32, .int8: PackedMatrix(weight)
    }
  }
}
