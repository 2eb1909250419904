/// Recurrent layers one above the other, each in one or both directions; a bidirectional layer's
/// output is both hidden states side by side, `[M, 2 H]` (Schuster and Paliwal, 1997).
public struct RecurrentStack: Sendable {
  /// `layers[l][d]`: layer l, direction d.
  public let layers: [[RecurrentLayer]]
  /// What each layer's output goes through on its way up; empty where there is no normalisation.
  public let norms: [StackNorm]

  /// Adds the parameters of all layers, in PyTorch's order and under its names, then those of the
  /// normalisation, `norms.0.weight` and so on.
  public init(
    cell: any RecurrentCell, inputSize: Int, hiddenSize: Int, layerCount: Int,
    isBidirectional: Bool, normalization: StackNormalization = .none, name: String = "rnn",
    in layout: inout ParameterLayout
  ) {
    let directions = isBidirectional ? 2 : 1
    layers = (0..<layerCount).map { index in
      (0..<directions).map { direction in
        RecurrentLayer(
          cell: cell, inputSize: index == 0 ? inputSize : directions * hiddenSize,
          hiddenSize: hiddenSize, name: name, index: index, isReversed: direction == 1,
          in: &layout)
      }
    }
    norms = (0..<layerCount).compactMap {
      normalization.layer("norms.\($0)", size: directions * hiddenSize, in: &layout)
    }
  }

  /// W: the width of the output.
  public var outputSize: Int { layers.last?.reduce(0) { $0 + $1.hiddenSize } ?? 0 }

  /// The dropout masks of one training step; an absent one changes nothing.
  public struct Masks<S: Scalar>: Sendable {
    /// On the input of each layer above the first, `[M, W]`.
    public var between: [Tensor<S>] = []
    /// On the hidden state in the recurrent product, per layer and direction, `[N, H]`.
    public var recurrent: [[Tensor<S>]] = []

    public init() {}
  }

  /// What the backward pass needs, and the results.
  public struct Run<S: Scalar>: Sendable {
    /// The top layer's hidden states, normalised if that is asked for, `[M, W]`.
    public var output: Tensor<S>
    /// Final states, per layer and direction.
    public var final: [[RecurrentState<S>]]
    /// The input of each layer above the first, after its mask.
    var inputs: [Tensor<S>]
    var caches: [[RecurrentLayer.Cache<S>]]
    var norms: [StackNorm.Cache<S>] = []

    /// The top layer's final hidden states, directions side by side, `[N, W]`.
    public var finalHidden: Tensor<S> { Tensor(columns: (final.last ?? []).map(\.hidden)) }
  }

  /// Runs all layers on the projected input of the first, one per direction.
  ///
  /// - Parameter initial: the state of each layer and direction before the first step; `nil` is zeros.
  public func run<S>(
    projected: [ProjectedInput<S>], _ layout: SequenceLayout,
    from initial: [[RecurrentState<S>]]? = nil,
    masks: Masks<S> = Masks(), _ weights: Weights<S>, keepsCache: Bool
  ) -> Run<S> {
    var result = Run<S>(output: Tensor(zeros: [0, 0]), final: [], inputs: [], caches: [])
    var projected = projected
    for (l, directions) in layers.enumerated() {
      if l > 0 {
        var input = result.output
        if !masks.between.isEmpty { input.multiply(by: masks.between[l - 1]) }
        projected = directions.map { $0.project(input, weights) }
        result.inputs.append(input)
      }
      let runs = directions.enumerated().map { d, layer in
        layer.run(
          projected[d], layout, from: initial?[l][d],
          mask: masks.recurrent.isEmpty ? nil : masks.recurrent[l][d], weights,
          keepsCache: keepsCache)
      }
      result.output = Tensor(columns: runs.map(\.output))
      if !norms.isEmpty {
        let (output, cache) = norms[l].forward(
          result.output, weights, inTraining: keepsCache)
        result.output = output
        if keepsCache { result.norms.append(cache) }
      }
      result.final.append(runs.map(\.final))
      result.caches.append(runs.compactMap(\.cache))
    }
    return result
  }

  /// Back through all layers; returns the gradients of the first layer's projected inputs and of
  /// the initial states (without a meaning where the run began with `nil`).
  ///
  /// - Parameters:
  ///   - dOutput: the gradient of the output, `[M, W]`; `nil` is zero.
  ///   - share: of the batch's steps, those of this shard (`BatchNorm`).
  public func runBackward<S>(
    _ dOutput: Tensor<S>?, final dFinal: [[RecurrentState<S>]], _ run: Run<S>,
    _ layout: SequenceLayout, masks: Masks<S> = Masks(), _ weights: Weights<S>, share: Double = 1,
    into gradients: inout Gradients<S>
  ) -> (dProjected: [Tensor<S>], dInitial: [[RecurrentState<S>]]) {
    var dOutput = dOutput
    var dInitial: [[RecurrentState<S>]] = []
    for l in layers.indices.reversed() {
      let width = layers[l].reduce(0) { $0 + $1.hiddenSize }
      if !norms.isEmpty {
        dOutput = run.norms[l].backward(
          dOutput ?? Tensor(zeros: [layout.rowCount, width]), weights, share: share,
          into: &gradients)
      }
      var dProjected: [Tensor<S>] = []
      var states: [RecurrentState<S>] = []
      for (d, layer) in layers[l].enumerated() {
        let part = dOutput?.columns(from: d * layer.hiddenSize, count: layer.hiddenSize, of: width)
        let (dx, state) = layer.runBackward(
          part, final: dFinal[l][d], run.caches[l][d], layout, weights, into: &gradients)
        dProjected.append(dx)
        states.append(state)
      }
      dInitial.insert(states, at: 0)
      if l == 0 { return (dProjected, dInitial) }
      dOutput = inputGradient(dProjected, layer: l, run, weights, into: &gradients)
      if !masks.between.isEmpty { dOutput?.multiply(by: masks.between[l - 1]) }
    }
    return ([], dInitial)
  }

  /// The gradient of the input of layer `l`: the sum over its directions.
  private func inputGradient<S>(
    _ dProjected: [Tensor<S>], layer l: Int, _ run: Run<S>, _ weights: Weights<S>,
    into gradients: inout Gradients<S>
  ) -> Tensor<S> {
    var sum = Tensor<S>(zeros: run.inputs[l - 1].shape)
    for (layer, dx) in zip(layers[l], dProjected) {
      sum.add(
        layer.projectBackward(dx, input: run.inputs[l - 1], weights, into: &gradients))
    }
    return sum
  }
}

extension RecurrentStack {
  /// Zeros for `batch` sequences, per layer and direction.
  func zeroStates<S: Scalar>(_ batch: Int) -> [[RecurrentState<S>]] {
    layers.map { directions in
      directions.map { RecurrentState(zerosFor: $0.cell, batch: batch, hidden: $0.hiddenSize) }
    }
  }

  /// The same with the top layer's hidden states, directions side by side, `[N, W]`.
  func states<S>(finalHidden: Tensor<S>) -> [[RecurrentState<S>]] {
    var states: [[RecurrentState<S>]] = zeroStates(finalHidden.rows)
    for (d, layer) in (layers.last ?? []).enumerated() {
      states[layers.count - 1][d].hidden = finalHidden.columns(
        from: d * layer.hiddenSize, count: layer.hiddenSize, of: outputSize)
    }
    return states
  }
}

extension Weights {
  /// Lays out the matrices of all layers. In inference packed products alone give a row the same bits
  /// whatever rows stand beside it. In a training step on one sequence a recurrent weight meets one row at a
  /// time, which does not pay for laying it out. The threads share the products of a step that is one shard.
  package mutating func pack(
    _ stack: RecurrentStack, forTraining: Bool, sequences: Int = .max,
    pool: WorkerPool = WorkerPool(threads: 1)
  ) {
    let rowByRow = forTraining && sequences == 1
    if forTraining && BatchPlan.isOneShard(sequences) { sharing = pool }
    let matrices = stack.layers.joined().flatMap {
      rowByRow ? [$0.weightIH] : [$0.weightHH, $0.weightIH]
    }
    pack(
      matrices.flatMap { matrix in
        (forTraining ? [false, true] : [false]).map { (matrix, transposed: $0) }
      }, pool: pool)
  }
}

extension Tensor {
  /// Some columns as a matrix of their own; the matrix itself where that is all of them.
  func columns(from start: Int, count: Int, of width: Int) -> Tensor {
    if count == width { return self }
    var part = Tensor(uninitialized: [rows, count])
    part.copyColumns(from: pointer + start, ld: width)
    return part
  }
}
