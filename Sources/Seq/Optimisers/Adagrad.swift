/// Adagrad (Duchi, Hazan and Singer, 2011): s += g², w -= lr g / (√s + ε).
public struct Adagrad: UpdateRule {
  public var epsilon = 1e-10

  public init() {}

  public var name: String { "adagrad" }
  public var slotCount: Int { 1 }

  // Reached through an existential, which would run the loop unspecialised, some 15 times slower.
  @_specialize(where S == Float)
  public func update<S: Scalar>(_ u: ParameterUpdate<S>) {
    let sum = u.slots[0]
    for i in 0..<u.count {
      let g = u.gradient(i)
      sum[i] += g * g
      u.weights[i] -= S(u.learningRate) * g / (sum[i].squareRoot() + S(epsilon))
    }
  }
}
