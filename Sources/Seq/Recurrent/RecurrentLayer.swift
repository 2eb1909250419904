/// One layer in one direction: a cell, its parameters, and the loop over time.
///
/// ```
/// x_t = W_ih input_t + b_ih      r_t = W_hh (m ∘ h_{t-1}) + b_hh      h_t = cell(x_t, r_t, state)
/// ```
/// with `weight_ih` `[G H, D]`, `weight_hh` `[G H, H]`, biases `[G H]`, named and laid out as in
/// PyTorch, and m an optional dropout mask `[N, H]` that is the same at every step (Gal and
/// Ghahramani, 2016). Sequences lie as `SequenceLayout` says; the reversed layer runs from each
/// sequence's own last step to its first.
///
/// The input part of all steps is one matrix product, each step's recurrent part is one over the
/// sequences still running, and each weight gradient is one. 2 M G H (D + H) operations forward,
/// twice that backward, without the recurrent ones of the first step where no state comes before it; the
/// cache holds M (cacheCount + stateCount) H numbers.
public struct RecurrentLayer: Sendable {
  public let cell: any RecurrentCell
  /// D and H.
  public let inputSize: Int
  public let hiddenSize: Int
  /// Whether it runs from the last step to the first.
  public let isReversed: Bool
  public let weightIH: Parameter
  public let weightHH: Parameter
  public let biasIH: Parameter
  public let biasHH: Parameter

  /// Adds the layer's parameters to `layout`, for example `rnn.weight_ih_l0_reverse`.
  public init(
    cell: any RecurrentCell, inputSize: Int, hiddenSize: Int, name: String = "rnn", index: Int = 0,
    isReversed: Bool = false, in layout: inout ParameterLayout
  ) {
    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.isReversed = isReversed
    let suffix = "l\(index)" + (isReversed ? "_reverse" : "")
    let gates = cell.gateCount * hiddenSize
    weightIH = layout.add("\(name).weight_ih_\(suffix)", [gates, inputSize])
    weightHH = layout.add("\(name).weight_hh_\(suffix)", [gates, hiddenSize])
    biasIH = layout.add("\(name).bias_ih_\(suffix)", [gates], .bias)
    biasHH = layout.add("\(name).bias_hh_\(suffix)", [gates], .bias)
  }

  /// G H: the width of the pre-activations.
  public var gateSize: Int { cell.gateCount * hiddenSize }

  /// What `run` gives: every hidden state, the last state of each sequence, and the cache.
  public struct Run<S: Scalar>: Sendable {
    /// h of every step, `[M, H]`.
    public var output: Tensor<S>
    public var final: RecurrentState<S>
    /// `nil` in inference.
    public var cache: Cache<S>?
  }

  /// What the backward pass needs of the forward pass.
  public struct Cache<S: Scalar>: Sendable {
    /// h_{t-1} of every step, `[M, H]`.
    var previousHidden: Tensor<S>
    /// m ∘ h_{t-1}, where there is a mask.
    var maskedHidden: Tensor<S>?
    /// c_{t-1} of every step, `[M, H]` or `[0, H]`.
    var previousCell: Tensor<S>
    /// What the cell saved, step after step.
    var gates: Tensor<S>
    var mask: Tensor<S>?
    var output: Tensor<S>
    /// The first step taken, where the state before it was zero: nothing of it goes through W_hh.
    var zeroStep: Int?

    /// The rows whose h_{t-1} is not known to be zero: all but those of the first step taken.
    func rowsWithState(_ layout: SequenceLayout) -> Range<Int> {
      guard let zeroStep else { return 0..<layout.rowCount }
      let first = layout.offsets[zeroStep]
      return first > 0 ? 0..<first : layout.activeRows[zeroStep]..<layout.rowCount
    }
  }

  /// The input part of all steps: `[M, D]` to `[M, G H]`.
  public func project<S>(_ input: Tensor<S>, _ weights: Weights<S>) -> ProjectedInput<S> {
    var x = Tensor<S>(uninitialized: [input.rows, gateSize])
    weights.product(
      input.pointer, lda: inputSize, rows: input.rows, with: weightIH, bias: biasIH,
      into: x.mutablePointer, ldc: gateSize)
    return ProjectedInput(x)
  }

  /// From the gradient of the projection to that of the input; adds those of W_ih and b_ih.
  public func projectBackward<S>(
    _ dx: Tensor<S>, input: Tensor<S>, _ weights: Weights<S>, into gradients: inout Gradients<S>
  ) -> Tensor<S> {
    gradients.addOuterProduct(dx, input, to: weightIH)
    gradients.addSumOfRows(dx, to: biasIH)
    var dInput = Tensor<S>(uninitialized: [input.rows, inputSize])
    weights.product(
      dx.pointer, lda: gateSize, rows: dx.rows, with: weightIH, transposed: true,
      into: dInput.mutablePointer, ldc: inputSize)
    return dInput
  }

  /// The step that runs first.
  func firstStep(of layout: SequenceLayout) -> Int? {
    layout.stepCount == 0 ? nil : isReversed ? layout.stepCount - 1 : 0
  }

  /// The order in which the steps run.
  func steps(of layout: SequenceLayout) -> StrideTo<Int> {
    isReversed
      ? stride(from: layout.stepCount - 1, to: -1, by: -1)
      : stride(from: 0, to: layout.stepCount, by: 1)
  }
}
