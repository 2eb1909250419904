/// Gradient descent, with momentum as PyTorch has it: v = μ v + g, w -= lr v (v = g without).
public struct GradientDescent: UpdateRule {
  public let momentum: Double

  public init(momentum: Double = 0) { self.momentum = momentum }

  public var name: String { momentum > 0 ? "momentum" : "sgd" }
  public var slotCount: Int { momentum > 0 ? 1 : 0 }

  // Reached through an existential, which would run the loop unspecialised, some 15 times slower.
  @_specialize(where S == Float)
  public func update<S: Scalar>(_ u: ParameterUpdate<S>) {
    let rate = S(u.learningRate)
    guard momentum > 0 else {
      for i in 0..<u.count { u.weights[i] -= rate * u.gradient(i) }
      return
    }
    let velocity = u.slots[0]
    for i in 0..<u.count {
      velocity[i] = S(momentum) * velocity[i] + u.gradient(i)
      u.weights[i] -= rate * velocity[i]
    }
  }
}
