/// From the hidden states of all steps to one vector per sequence: one or more of the rules, their
/// results side by side, `[N, rules W]`.
public struct Pooling: Sendable {
  /// How the steps of a sequence become one vector.
  public enum Rule: String, Sendable, Hashable, CaseIterable {
    /// The final hidden state of each direction.
    case last
    case mean
    case max
    case attention
  }

  public let rules: [Rule]
  /// W: the width of a hidden state, both directions together.
  public let width: Int
  let attention: AttentionPooling?

  /// Reads rules joined by `+`, for example `max+mean+last`.
  /// - Throws: `SeqError.unknownName`, `SeqError.invalidOption` where a rule stands twice.
  public static func rules(_ text: String) throws -> [Rule] {
    let rules = try text.split(separator: "+", omittingEmptySubsequences: false).map { word in
      guard let rule = Rule(rawValue: String(word)) else {
        throw SeqError.unknownName(
          kind: "pooling", name: String(word), known: Rule.allCases.map(\.rawValue))
      }
      return rule
    }
    guard Set(rules).count == rules.count else {
      throw SeqError.invalidOption(name: "pooling", value: text, reason: "a rule stands twice")
    }
    return rules
  }

  public init(_ rules: [Rule], width: Int, in layout: inout ParameterLayout) {
    self.rules = rules
    self.width = width
    attention =
      rules.contains(.attention)
      ? AttentionPooling("pooling.attention", width: width, in: &layout) : nil
  }

  /// The width of the result.
  public var outputSize: Int { rules.count * width }

  public struct Cache<S: Scalar>: Sendable {
    var maxSteps: [Int32] = []
    var attention: AttentionPooling.Cache<S>?
  }

  /// - Parameters:
  ///   - x: the hidden states, `[M, W]`.
  ///   - finalHidden: the final hidden states, `[N, W]`.
  ///   - keepsCache: whether a backward pass follows.
  public func forward<S>(
    _ x: Tensor<S>, final finalHidden: Tensor<S>, _ layout: SequenceLayout, _ weights: Weights<S>,
    keepsCache: Bool = true
  ) -> (y: Tensor<S>, cache: Cache<S>) {
    var cache = Cache<S>()
    let parts = rules.map { rule -> Tensor<S> in
      switch rule {
      case .last: return finalHidden
      case .mean: return MeanPooling.forward(x, layout)
      case .max:
        let (y, steps) = MaxPooling.forward(x, layout, keepsSteps: keepsCache)
        cache.maxSteps = steps
        return y
      case .attention:
        guard let attention else { return finalHidden }
        let (y, saved) = attention.forward(x, layout, weights)
        cache.attention = saved
        return y
      }
    }
    return (Tensor(columns: parts), cache)
  }

  /// From dy `[N, rules W]` to the gradients of the hidden states (`nil` where all of it is zero) and of the
  /// final ones.
  public func backward<S>(
    _ dy: Tensor<S>, x: Tensor<S>, _ cache: Cache<S>, _ layout: SequenceLayout,
    _ weights: Weights<S>, into gradients: inout Gradients<S>
  ) -> (dx: Tensor<S>?, dFinal: Tensor<S>) {
    let reachesSteps = rules != [.last]
    var dx = Tensor<S>(zeros: [reachesSteps ? x.rows : 0, width])
    var dFinal = Tensor<S>(zeros: [dy.rows, width])
    for (index, rule) in rules.enumerated() {
      let part = dy.pointer + index * width
      switch rule {
      case .last: dFinal.copyColumns(from: part, ld: outputSize)
      case .mean: MeanPooling.backward(part, ld: outputSize, layout, into: &dx)
      case .max:
        MaxPooling.backward(part, ld: outputSize, steps: cache.maxSteps, layout, into: &dx)
      case .attention:
        guard let attention, let saved = cache.attention else { continue }
        attention.backward(
          part, ld: outputSize, x: x, saved, layout, weights, into: &gradients, dx: &dx)
      }
    }
    return (reachesSteps ? dx : nil, dFinal)
  }
}

extension Tensor {
  /// Matrices of N rows side by side.
  init(columns parts: [Tensor]) {
    if parts.count == 1 {
      self = parts[0]
      return
    }
    self.init(uninitialized: [parts.first?.rows ?? 0, parts.reduce(0) { $0 + $1.columns }])
    var start = 0
    for part in parts {
      for i in 0..<part.rows {
        (mutablePointer + i * columns + start).update(from: part.row(i), count: part.columns)
      }
      start += part.columns
    }
  }

  /// Fills this matrix from columns of a wider one.
  mutating func copyColumns(from source: UnsafePointer<S>, ld: Int) {
    for i in 0..<rows {
      (mutablePointer + i * columns).update(from: source + i * ld, count: columns)
    }
  }
}
