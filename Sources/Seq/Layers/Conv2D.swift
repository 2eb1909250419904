/// A convolution over images, as PyTorch defines it (a cross-correlation):
/// ```
/// y_{n,c',i,j} = b_c' + Σ_{c,u,v} W_{c',c,u,v} x_{n,c, s i + u - p, s j + v - p}
/// ```
/// with x `[N, C, H, W]`, y `[N, C', H', W']`, W `[C', C, kH, kW]`, b `[C']`; x is zero outside. H' and
/// W' are those of `Window2D`.
///
/// Each image's windows become the columns of a matrix X `[C kH kW, H' W']`, which is laid out for the
/// kernels: y = W X, dW = dy X^T, dX = W^T dy. So an image's result does not depend, to the last bit,
/// on the images beside it. 2 N C' C kH kW H' W' operations; memory for one matrix X.
public struct Conv2D: Sendable {
  /// C and C'.
  public let inputChannels: Int
  public let outputChannels: Int
  public let window: Window2D
  public let weight: Parameter
  public let bias: Parameter?

  /// Adds `name.weight` and `name.bias` to `layout`.
  public init(
    _ name: String, inputChannels: Int, outputChannels: Int, window: Window2D,
    hasBias: Bool = true, in layout: inout ParameterLayout
  ) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.window = window
    weight = layout.add(
      "\(name).weight", [outputChannels, inputChannels, window.size.height, window.size.width])
    bias = hasBias ? layout.add("\(name).bias", [outputChannels], .bias) : nil
  }

  /// `[N, C, H, W]` to `[N, C', H', W']`.
  public func forward<S>(_ x: Tensor<S>, _ weights: Weights<S>) -> Tensor<S> {
    let windows = columns(of: x)
    let (depth, area) = (windows.rows, windows.columns)
    let output = window.outputSize(for: x.mapSize)
    var y = Tensor<S>(uninitialized: [x.rows, outputChannels, output.height, output.width])
    var columns = PackedColumns<S>(windows)
    let all = y.mutablePointer
    for n in 0..<x.rows {
      let out = all + n * outputChannels * area
      for c in 0..<outputChannels {
        (out + c * area).update(repeating: bias.map { weights.pointer($0)[c] } ?? 0, count: area)
      }
      S.multiplyPacked(
        RowProduct(
          m: outputChannels, outputs: area, inputs: depth, a: weights.pointer(weight), lda: depth,
          accumulates: true, c: out, ldc: area),
        by: columns.pack(x.row(n), asInputs: true))
    }
    return y
  }

  /// dx; adds dW and db.
  public func backward<S>(
    _ dy: Tensor<S>, x: Tensor<S>, _ weights: Weights<S>, into gradients: inout Gradients<S>
  ) -> Tensor<S> {
    addGradients(dy, x: x, into: &gradients)
    let windows = columns(of: x)
    let (depth, area) = (windows.rows, windows.columns)
    let transposed = weights.transposed(weight)
    var panel = Tensor<S>(
      uninitialized: [S.packedCount(outputs: area, inputs: outputChannels)])
    var dColumns = Tensor<S>(uninitialized: [depth, area])
    var dx = Tensor<S>(zeros: x.shape)
    let all = dx.mutablePointer
    for n in 0..<x.rows {
      S.pack(
        WeightMatrix(
          values: dy.row(n), outputs: area, inputs: outputChannels, isTransposed: true),
        into: panel.mutablePointer)
      S.multiplyPacked(
        RowProduct(
          m: depth, outputs: area, inputs: outputChannels, a: transposed.pointer,
          lda: outputChannels, c: dColumns.mutablePointer, ldc: area),
        by: panel.pointer)
      windows.scatterAdd(dColumns.pointer, to: all + n * x.columns)
    }
    return dx
  }

  /// Adds dW and db alone: what the first layer of a network needs.
  public func addGradients<S>(
    _ dy: Tensor<S>, x: Tensor<S>, into gradients: inout Gradients<S>
  ) {
    let windows = columns(of: x)
    let (depth, area) = (windows.rows, windows.columns)
    var columns = PackedColumns<S>(windows)
    let dw = gradients.pointer(weight)
    for n in 0..<x.rows {
      S.multiplyPacked(
        RowProduct(
          m: outputChannels, outputs: depth, inputs: area, a: dy.row(n), lda: area,
          accumulates: true, c: dw, ldc: depth),
        by: columns.pack(x.row(n), asInputs: false))
    }
    guard let bias else { return }
    let db = gradients.pointer(bias)
    for n in 0..<dy.rows {
      for c in 0..<outputChannels { db[c] += S(S.sum(dy.row(n) + c * area, count: area)) }
    }
  }

  private func columns<S>(of x: Tensor<S>) -> WindowColumns {
    precondition(x.shape.count == 4 && x.shape[1] == inputChannels, "[N, \(inputChannels), H, W]")
    return WindowColumns(window, channels: inputChannels, input: x.mapSize)
  }
}

/// The matrix X of one image after the other, laid out for the kernels.
private struct PackedColumns<S: Scalar> {
  private let windows: WindowColumns
  private var matrix: Tensor<S>
  private var panel: Tensor<S>

  init(_ windows: WindowColumns) {
    self.windows = windows
    // The padding is zero, and stays it for every image.
    matrix = Tensor(zeros: [windows.rows, windows.columns])
    panel = Tensor(
      uninitialized: [
        max(
          S.packedCount(outputs: windows.columns, inputs: windows.rows),
          S.packedCount(outputs: windows.rows, inputs: windows.columns))
      ])
  }

  /// X for A X, or for A X^T where not `asInputs`.
  mutating func pack(_ image: UnsafePointer<S>, asInputs: Bool) -> UnsafePointer<S> {
    windows.gather(image, into: matrix.mutablePointer)
    let (rows, columns) = (windows.rows, windows.columns)
    S.pack(
      WeightMatrix(
        values: matrix.pointer, outputs: asInputs ? columns : rows,
        inputs: asInputs ? rows : columns, isTransposed: asInputs),
      into: panel.mutablePointer)
    return panel.pointer
  }
}

extension Tensor {
  /// H and W of `[N, C, H, W]`.
  var mapSize: Size2D { Size2D(shape[2], shape[3]) }
}

extension Weights {
  /// A parameter `[outputs, ...]`, read as a matrix, transposed.
  fileprivate func transposed(_ parameter: Parameter) -> Tensor<S> {
    let rows = parameter.shape[0]
    let columns = parameter.count / max(1, rows)
    var result = Tensor<S>(uninitialized: [columns, rows])
    let (from, to) = (pointer(parameter), result.mutablePointer)
    for i in 0..<rows {
      for j in 0..<columns { to[j * rows + i] = from[i * columns + j] }
    }
    return result
  }
}
