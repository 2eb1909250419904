/// From all hidden states to one vector per sequence, with what stands behind a sequence's end left
/// out.
extension ONNXGraph {
  /// Appends the pooling rules; gives `[N, rules W]`.
  ///
  /// - Parameters:
  ///   - states: `[T, N, W]`.
  ///   - final: the top layer's final states, `[D, N, H]`.
  ///   - lengths: int64 `[N]`.
  ///   - mask: bool `[T, N]`, true within a sequence.
  package mutating func append(
    _ pooling: Pooling, _ weights: ParameterVector<Float>, states: String, final: String,
    lengths: String, mask: String
  ) -> String {
    let mask = add("Unsqueeze", mask, numbers([2]))
    var parts: [String] = []
    for rule in pooling.rules {
      switch rule {
      case .last: parts.append(joinFinal(final, width: pooling.width))
      case .mean: parts.append(mean(states, lengths: lengths, mask: mask))
      case .max:
        let masked = add("Where", mask, states, scalar(-.infinity))
        parts.append(
          add(
            "ReduceMax", masked, attributes: [("axes", .integers([0])), ("keepdims", .integer(0))]))
      case .attention:
        guard let attention = pooling.attention else { continue }
        parts.append(append(attention, weights, states: states, mask: mask))
      }
    }
    guard parts.count > 1 else { return parts.first ?? states }
    append("Concat", parts, outputs: ["pooled"], [("axis", .integer(1))])
    return "pooled"
  }

  private mutating func mean(_ states: String, lengths: String, mask: String) -> String {
    let masked = add("Where", mask, states, scalar(0))
    let sum = sumOverTime(masked)
    let counts = add("Cast", lengths, attributes: [("to", .integer(ElementType.float.rawValue))])
    return add("Div", sum, add("Unsqueeze", counts, numbers([1])))
  }

  /// u = tanh(W x + b), s = v · u, a = softmax over time of s, the sum of a x.
  private mutating func append(
    _ attention: AttentionPooling, _ weights: ParameterVector<Float>, states: String, mask: String
  ) -> String {
    let (projection, context) = (attention.projection, attention.context)
    let matrix = addTransposed(projection.weight, weights)
    var u = add("MatMul", states, matrix)
    if let bias = projection.bias {
      u = add("Add", u, addConstant(bias, weights))
    }
    u = add("Tanh", u)
    let scores = add("MatMul", u, addTransposed(context.weight, weights))
    let masked = add("Where", mask, scores, scalar(-.infinity))
    let shares = add("Softmax", masked, attributes: [("axis", .integer(0))])
    return sumOverTime(add("Mul", add("Where", mask, states, scalar(0)), shares))
  }

  private mutating func sumOverTime(_ states: String) -> String {
    add("ReduceSum", states, numbers([0]), attributes: [("keepdims", .integer(0))])
  }

  /// W^T of a matrix `[outputs, inputs]`, for a product from the left.
  private mutating func addTransposed(
    _ weight: Parameter, _ weights: ParameterVector<Float>
  ) -> String {
    add("Transpose", addConstant(weight, weights), attributes: [("perm", .integers([1, 0]))])
  }
}
