/// C = alpha op(A) op(B) + beta C, with op the identity or the transpose; C is `[m, n]`, op(A) is
/// `[m, k]`, op(B) is `[k, n]`. 2 m n k floating-point operations.
public struct MatrixProduct<S: Scalar> {
  var m: Int
  var n: Int
  var k: Int
  var a: UnsafePointer<S>
  var lda: Int
  var transposeA = false
  var b: UnsafePointer<S>
  var ldb: Int
  var transposeB = false
  var alpha: S = 1
  var beta: S = 0
  var c: UnsafeMutablePointer<S>
  var ldc: Int
  /// Threads that have nothing else to do.
  var sharing: WorkerPool?

  /// Whether it is A^T B, or added to C: the sum of the outer products of the rows of A and B, the gradient of a
  /// weight.
  var sumsOuterProducts: Bool {
    transposeA && !transposeB && addsPlainly
  }

  /// Whether it is a row of numbers times a matrix, or added to C.
  var isOneRow: Bool { m == 1 && !transposeA && addsPlainly }

  private var addsPlainly: Bool { alpha == 1 && (beta == 0 || beta == 1) }
}

/// A weight matrix to be packed: `[outputs, inputs]` for y = x W^T, or, transposed, `[inputs,
/// outputs]` for y = x W.
public struct WeightMatrix<S: Scalar> {
  var values: UnsafePointer<S>
  var outputs: Int
  var inputs: Int
  var isTransposed: Bool
}

extension Scalar {
  public static func multiply(_ p: MatrixProduct<Self>) {
    for i in 0..<p.m {
      for j in 0..<p.n {
        var sum: Self = 0
        for l in 0..<p.k {
          let a = p.transposeA ? p.a[l * p.lda + i] : p.a[i * p.lda + l]
          let b = p.transposeB ? p.b[j * p.ldb + l] : p.b[l * p.ldb + j]
          sum += a * b
        }
        let old = p.beta == 0 ? 0 : p.beta * p.c[i * p.ldc + j]
        p.c[i * p.ldc + j] = p.alpha * sum + old
      }
    }
  }

  /// The plain form of packed weights: `[outputs, inputs]`, one row per output.
  public static func packedCount(outputs: Int, inputs: Int) -> Int { outputs * inputs }

  public static func pack(_ weight: WeightMatrix<Self>, into packed: UnsafeMutablePointer<Self>) {
    for output in 0..<weight.outputs {
      for input in 0..<weight.inputs {
        packed[output * weight.inputs + input] =
          weight.isTransposed
          ? weight.values[input * weight.outputs + output]
          : weight.values[output * weight.inputs + input]
      }
    }
  }

  public static func multiplyPacked(_ p: RowProduct<Self>, by packed: UnsafePointer<Self>) {
    for i in 0..<p.m {
      for j in 0..<p.outputs {
        var sum: Self = p.accumulates ? p.c[i * p.ldc + j] : (p.bias?[j] ?? 0)
        for l in 0..<p.inputs { sum += p.a[i * p.lda + l] * packed[j * p.inputs + l] }
        p.c[i * p.ldc + j] = sum
      }
    }
  }
}
