/// A differentiable piece of the module as a function from arrays to one number: a row of the
/// table of gradient checks. A new layer or cell is one row of `LayerCase.all`.
package struct LayerCase: Sendable {
  /// Every layer, cell, loss and network of the module.
  package static var all: [LayerCase] {
    get throws {
      try layers + images + imageClassifiers + recurrent + classifiers + languageModels + taggers
        + forecasters + exercises
    }
  }

  package let name: String
  package let layout: ParameterLayout
  /// What it takes beside its parameters.
  package let inputs: [(name: String, shape: [Int])]
  /// Parameters that it does not use, whose gradient is zero.
  package var unused: Set<String> = []
  /// The running statistics, which are fixed; the rest of the layout is varied.
  private let statistics: ParameterVector<Double>
  package let forward: @Sendable ([Tensor<Double>], Weights<Double>) throws -> Forward

  /// A value, and the way back.
  package struct Forward {
    package let loss: Double
    /// Adds the gradients of the parameters and returns those of the inputs.
    package let backward: (inout Gradients<Double>) throws -> [Tensor<Double>]

    package init(
      loss: Double, backward: @escaping (inout Gradients<Double>) throws -> [Tensor<Double>]
    ) {
      self.loss = loss
      self.backward = backward
    }
  }

  package init(
    name: String, layout: ParameterLayout, inputs: [(name: String, shape: [Int])],
    unused: Set<String> = [],
    forward: @escaping @Sendable ([Tensor<Double>], Weights<Double>) throws -> Forward
  ) {
    self.name = name
    self.layout = layout
    self.inputs = inputs
    self.unused = unused
    var statistics = ParameterVector<Double>(layout)
    for (i, parameter) in layout.statistics.enumerated() {
      let values: Tensor<Double> = Samples.uniform(parameter.shape, seed: 300 + UInt64(i))
      // Positive, as a variance is.
      statistics[parameter] = values.values.map { 1.5 + $0 }
    }
    self.statistics = statistics
    self.forward = forward
  }

  /// The parameters that have a gradient.
  package var learnt: [Parameter] { layout.parameters.filter { $0.role != .statistic } }

  /// The point at which the gradients are checked: inputs, then parameters.
  package func variables(seed: UInt64) -> [GradientChecker.Variable] {
    var parameters: ParameterVector<Double> = Samples.parameters(layout, seed: seed)
    // Positive biases keep rectified units alive, or nothing would be checked.
    for parameter in layout.parameters where parameter.role == .bias {
      parameters[parameter] = parameters[parameter].map { abs($0) }
    }
    return inputs.enumerated().map { i, input in
      let values: Tensor<Double> = Samples.uniform(
        input.shape, seed: seed &+ 1000 &+ UInt64(i))
      return GradientChecker.Variable(input.name, values.values)
    } + learnt.map { GradientChecker.Variable($0.name, parameters[$0]) }
  }

  /// Runs the piece at a point. With `packs`, on matrices laid out for the kernels.
  package func callAsFunction(_ point: [[Double]], packs: Bool) throws -> Forward {
    var parameters = statistics
    for (parameter, values) in zip(learnt, point.dropFirst(inputs.count)) {
      parameters[parameter] = values
    }
    var weights = Weights(parameters)
    if packs {
      for parameter in layout.parameters where parameter.role == .weight {
        weights.pack(parameter)
        weights.pack(parameter, transposed: true)
      }
    }
    return try forward(zip(inputs, point).map { Tensor($0.shape, $1) }, weights)
  }
}
