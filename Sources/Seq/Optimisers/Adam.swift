/// Adam (Kingma and Ba, 2015, algorithm 1), and AdamW with decoupled decay (Loshchilov and Hutter,
/// 2019, algorithm 2), as PyTorch computes them:
/// ```
/// m = β1 m + (1 - β1) g        v = β2 v + (1 - β2) g²
/// w -= lr (m / (1 - β1^t)) / (√(v / (1 - β2^t)) + ε)
/// ```
/// Decoupled: first w -= lr decay w. Otherwise: first g += decay w.
public struct Adam: UpdateRule {
  public let isDecoupled: Bool
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8

  public init(isDecoupled: Bool) { self.isDecoupled = isDecoupled }

  public var name: String { isDecoupled ? "adamw" : "adam" }
  public var slotCount: Int { 2 }

  public func update<S: Scalar>(_ u: ParameterUpdate<S>) {
    S.adamUpdate(
      AdamUpdate(
        count: u.count, weights: u.weights, gradients: u.gradients, firstMoment: u.slots[0],
        secondMoment: u.slots[1], learningRate: S(u.learningRate), beta1: S(beta1),
        beta2: S(beta2), epsilon: S(epsilon), bias1: S(1 - power(beta1, u.step)),
        bias2: S(1 - power(beta2, u.step)), weightDecay: S(u.weightDecay),
        isDecoupled: isDecoupled, gradientScale: S(u.gradientScale)))
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    Double.exp(Double(exponent) * Double.log(base))
  }
}

/// The numbers of one pass of Adam over `count` weights.
public struct AdamUpdate<S: Scalar> {
  var count: Int
  var weights: UnsafeMutablePointer<S>
  var gradients: UnsafePointer<S>
  var firstMoment: UnsafeMutablePointer<S>
  var secondMoment: UnsafeMutablePointer<S>
  var learningRate: S
  var beta1: S
  var beta2: S
  var epsilon: S
  /// 1 - β^t.
  var bias1: S
  var bias2: S
  var weightDecay: S
  var isDecoupled: Bool
  /// What the gradients are multiplied by first.
  var gradientScale: S
}

extension Scalar {
  public static func adamUpdate(_ u: AdamUpdate<Self>) {
    let stepSize = u.learningRate / u.bias1
    let root = u.bias2.squareRoot()
    for i in 0..<u.count {
      var g = u.gradients[i] * u.gradientScale
      if u.isDecoupled {
        u.weights[i] *= 1 - u.learningRate * u.weightDecay
      } else {
        g += u.weightDecay * u.weights[i]
      }
      u.firstMoment[i] += (1 - u.beta1) * (g - u.firstMoment[i])
      u.secondMoment[i] = u.beta2 * u.secondMoment[i] + (1 - u.beta2) * g * g
      let denominator = u.secondMoment[i].squareRoot() / root + u.epsilon
      u.weights[i] -= stepSize * u.firstMoment[i] / denominator
    }
  }
}
