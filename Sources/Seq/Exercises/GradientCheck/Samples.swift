package import Pipeline

/// Numbers that look random and are the same in every run.
package enum Samples {
  /// U(-size, size).
  package static func uniform<S: Scalar>(_ shape: [Int], seed: UInt64, size: Double = 1) -> Tensor<
    S
  > {
    var random = RandomGenerator(seed: seed, stream: 0x7465_7374)
    return Tensor(
      shape, (0..<shape.reduce(1, *)).map { _ in S(random.uniform(-size, size)) })
  }

  /// Fixed weights of about size one, to make one number out of an array.
  package static func weights<S: Scalar>(_ shape: [Int], phase: Double) -> Tensor<S> {
    var random = RandomGenerator(seed: UInt64(phase * 1000), stream: 0x7765_6967_6874)
    return Tensor(shape, (0..<shape.reduce(1, *)).map { _ in S(random.normal()) })
  }

  /// All parameters of a layout from U(-size, size), biases included.
  package static func parameters<S: Scalar>(
    _ layout: ParameterLayout, seed: UInt64, size: Double = 0.8
  ) -> ParameterVector<S> {
    var vector = ParameterVector<S>(layout)
    for (i, parameter) in layout.parameters.enumerated() {
      let values: Tensor<S> = uniform(
        parameter.shape, seed: seed &+ UInt64(i) &* 7919, size: size)
      vector[parameter] = values.values
    }
    return vector
  }

  /// A chunk of the given records.
  package static func chunk(_ records: [[Int32]], features: [[Int32]]? = nil) -> IDChunk {
    func ends(_ parts: [[Int32]]) -> [UInt32] {
      var total: UInt32 = 0
      return parts.map { part in
        total += UInt32(part.count)
        return total
      }
    }
    return IDChunk(
      ids: records.flatMap { $0 }, recordEnds: ends(records),
      features: features.map { FeatureBags(ids: $0.flatMap { $0 }, recordEnds: ends($0)) })
  }
}

extension Tensor {
  /// The sum of the products of corresponding elements.
  package func dot(_ other: Tensor) -> S {
    precondition(shape == other.shape)
    return zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
