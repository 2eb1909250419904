/// How an optimiser moves weights against their gradients. A new one is one file that conforms to
/// this protocol, one row in `UpdateRules.all`, one test.
public protocol UpdateRule: Sendable {
  /// The word for `--optimizer`.
  var name: String { get }
  /// How many numbers per weight it remembers (moments), all zero at first.
  var slotCount: Int { get }
  /// Whether weight decay acts on the weight itself instead of being added to the gradient.
  var isDecoupled: Bool { get }

  /// Moves `count` weights.
  func update<S: Scalar>(_ update: ParameterUpdate<S>)
}

extension UpdateRule {
  public var isDecoupled: Bool { false }
}

/// The buffers and numbers of one update of `count` consecutive weights.
public struct ParameterUpdate<S: Scalar> {
  public var count: Int
  public var weights: UnsafeMutablePointer<S>
  public var gradients: UnsafePointer<S>
  /// What the rule remembers, one buffer per slot.
  public var slots: [UnsafeMutablePointer<S>]
  /// The number of this update, from 1.
  public var step: Int
  public var learningRate: Double
  /// L2: added to the gradient as decay w, or decoupled.
  public var weightDecay: Double
  /// What the gradients are multiplied by first (clipping by norm).
  public var gradientScale: Double

  /// The gradient of weight `i`, scaled, with the decay added.
  func gradient(_ i: Int) -> S {
    gradients[i] * S(gradientScale) + S(weightDecay) * weights[i]
  }
}

/// The known optimisers.
public enum UpdateRules {
  public static let all: [any UpdateRule] = [
    GradientDescent(), GradientDescent(momentum: 0.9), Adagrad(), RMSProp(),
    Adam(isDecoupled: false), Adam(isDecoupled: true),
  ]

  /// The rule of that name.
  /// - Throws: `SeqError.unknownName`, which lists the known ones.
  public static func named(_ name: String) throws -> any UpdateRule {
    guard let rule = all.first(where: { $0.name == name }) else {
      throw SeqError.unknownName(kind: "optimizer", name: name, known: all.map(\.name))
    }
    return rule
  }
}
