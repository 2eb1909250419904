/// How much of a gradient comes through T steps of a recurrent layer at its start: the vanishing and
/// exploding gradients of Bengio, Simard and Frasconi (1994) and Pascanu, Mikolov and Bengio (2013).
///
/// A layer of H units reads T random vectors x_t ~ N(0, 1) in N sequences, and the loss looks at the
/// last hidden state alone, along one random direction u of length 1:
/// ```
/// L = 1/N Σ_n u · h_T        ∂L/∂h_0 = 1/N Π_t (∂h_t/∂h_{t-1})^T u
/// ```
/// W_hh is g times a random orthogonal matrix. Without the non-linearity every factor of the product
/// has g as all its singular values. tanh' <= 1 takes some of it away and saturates as g grows; ReLU
/// lets about half of the units through, so near g = √2 it turns from vanishing to exploding; an
/// LSTM's cell has the forget gate f for a factor, σ(bias) at the start.
///
/// Clipping (Pascanu et al., equation 14) scales the gradient of all parameters θ to a norm of at most c:
/// ```
/// g <- g min(1, c / ‖∂L/∂θ‖)
/// ```
/// It makes a step after an explosion harmless; it cannot bring back what has vanished.
///
/// Computed in Double. A table costs Σ T N G H (D + H) multiplications, three times over.
public struct GradientFlow: Sendable {
  /// One of `Cells.all`.
  public var cell: String
  /// H, D and N.
  public var hidden = 32
  public var inputs = 8
  public var sequences = 8
  /// g.
  public var gain = 1.0
  /// Added to an LSTM's forget gate.
  public var forgetBias = 1.0
  /// c.
  public var clipNorm = 1.0
  public var seed: UInt64 = 1

  public init(cell: String) { self.cell = cell }

  /// What was found for one length.
  public struct Point: Sendable, Hashable {
    /// T.
    public let length: Int
    /// The mean of |∂L/∂s| over the numbers of the state before the first step: h_0, and c_0 too
    /// where there is one.
    public let state: Double
    /// The mean of |∂L/∂W_hh|.
    public let weights: Double
    /// The same after clipping.
    public let clipped: Double
  }

  /// 1, 2, 5, 10 ... 1000.
  public static let lengths = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

  /// One point for each length. Shorter sequences are the ends of longer ones.
  ///
  /// - Throws: `SeqError.unknownName`; `SeqError.invalidOption` where a size is not positive.
  public func points(lengths: [Int] = lengths) throws -> [Point] {
    for (name, value) in [("hidden", hidden), ("inputs", inputs), ("sequences", sequences)]
    where value < 1 {
      throw SeqError.invalidOption(name: name, value: "\(value)", reason: "must be at least 1")
    }
    guard lengths.allSatisfy({ $0 > 0 }) else {
      throw SeqError.invalidOption(
        name: "length", value: "\(lengths.min() ?? 0)", reason: "must be at least 1")
    }
    var layout = ParameterLayout()
    let layer = RecurrentLayer(
      cell: try Cells.named(cell), inputSize: inputs, hiddenSize: hidden, in: &layout)
    let weights = Weights(parameters(of: layer, layout))
    let input = normal(rows: (lengths.max() ?? 0) * sequences, columns: inputs, stream: 1)
    let direction = direction()
    return lengths.map { point(length: $0, input, direction, layer, weights) }
  }

  private func point(
    length: Int, _ input: Tensor<Double>, _ direction: [Double], _ layer: RecurrentLayer,
    _ weights: Weights<Double>
  ) -> Point {
    let steps = SequenceLayout(steps: length, batch: sequences)
    let zeros = RecurrentState<Double>(zerosFor: layer.cell, batch: sequences, hidden: hidden)
    let read = Array(input.values.suffix(length * sequences * inputs))
    let run = layer.run(
      layer.project(Tensor([length * sequences, inputs], read), weights), steps, from: zeros,
      weights, keepsCache: true)
    var gradients = Gradients<Double>(weights.vector.layout)
    var final = zeros
    final.hidden = Tensor(
      [sequences, hidden], (0..<sequences).flatMap { _ in direction.map { $0 / Double(sequences) } }
    )
    guard let cache = run.cache else {
      return Point(length: length, state: 0, weights: 0, clipped: 0)
    }
    let (dx, dState) = layer.runBackward(
      Tensor(zeros: [length * sequences, hidden]), final: final, cache, steps, weights,
      into: &gradients)
    _ = layer.projectBackward(
      dx, input: Tensor([length * sequences, inputs], read), weights, into: &gradients)
    let mean = Self.meanSize(gradients[layer.weightHH])
    let norm = gradients.norm
    return Point(
      length: length, state: Self.meanSize(dState.hidden.values + dState.cell.values),
      weights: mean, clipped: norm > clipNorm && clipNorm > 0 ? mean / norm * clipNorm : mean)
  }

  private func parameters(
    of layer: RecurrentLayer, _ layout: ParameterLayout
  ) -> ParameterVector<Double> {
    var parameters = ParameterVector<Double>(layout)
    var random = RandomGenerator(seed: seed, stream: 2, 0x666c_6f77)
    let gates = layer.cell.gateCount
    parameters[layer.weightIH] = Initializer.uniform.fill(
      rows: gates * hidden, columns: inputs, fanIn: hidden, using: &random)
    let orthogonal: [Double] = Initializer.orthogonal.fill(
      rows: gates * hidden, columns: hidden, blocks: gates, using: &random)
    parameters[layer.weightHH] = orthogonal.map { gain * $0 }
    if layer.cell is LSTMCell {
      var bias = parameters[layer.biasIH]
      for j in hidden..<2 * hidden { bias[j] = forgetBias }
      parameters[layer.biasIH] = bias
    }
    return parameters
  }

  private func direction() -> [Double] {
    let u = normal(rows: 1, columns: hidden, stream: 3).values
    let length = u.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return u.map { $0 / length }
  }

  private func normal(rows: Int, columns: Int, stream: UInt64) -> Tensor<Double> {
    var random = RandomGenerator(seed: seed, stream: stream, 0x666c_6f77)
    return Tensor([rows, columns], (0..<rows * columns).map { _ in random.normal() })
  }

  private static func meanSize(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + abs($1) } / Double(max(1, values.count))
  }
}
