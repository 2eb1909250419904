/// RMSProp (Tieleman and Hinton, 2012, lecture 6.5) as PyTorch has it: s = α s + (1 - α) g²,
/// w -= lr g / (√s + ε).
public struct RMSProp: UpdateRule {
  public var alpha = 0.99
  public var epsilon = 1e-8

  public init() {}

  public var name: String { "rmsprop" }
  public var slotCount: Int { 1 }

  // Reached through an existential, which would run the loop unspecialised, some 15 times slower.
  @_specialize(where S == Float)
  public func update<S: Scalar>(_ u: ParameterUpdate<S>) {
    let mean = u.slots[0]
    for i in 0..<u.count {
      let g = u.gradient(i)
      mean[i] = S(alpha) * mean[i] + S(1 - alpha) * g * g
      u.weights[i] -= S(u.learningRate) * g / (mean[i].squareRoot() + S(epsilon))
    }
  }
}
