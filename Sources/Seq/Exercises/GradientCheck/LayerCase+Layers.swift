import Pipeline

/// Layers without time, pooling, and the loss. All sizes of a case differ from each other.
extension LayerCase {
  static var layers: [LayerCase] {
    [linear(hasBias: true), linear(hasBias: false), embedding, featureBag, layerNorm]
      + [false, true].map { crossEntropy(isSoft: $0) }
      + ["last", "mean", "max", "attention", "max+mean+last+attention"].map { pooling($0) }
  }

  private static func linear(hasBias: Bool) -> LayerCase {
    var layout = ParameterLayout()
    let layer = Linear("layer", inputs: 5, outputs: 3, hasBias: hasBias, in: &layout)
    let d: Tensor<Double> = Samples.weights([4, 3], phase: 1)
    return LayerCase(
      name: "linear" + (hasBias ? "" : " without bias"), layout: layout, inputs: [("x", [4, 5])]
    ) { inputs, weights in
      Forward(loss: layer.forward(inputs[0], weights).dot(d)) { gradients in
        [layer.backward(d, x: inputs[0], weights, into: &gradients)]
      }
    }
  }

  private static var embedding: LayerCase {
    var layout = ParameterLayout()
    let layer = Embedding("embedding", symbolCount: 6, size: 3, in: &layout)
    let ids: [Int32] = [2, 0, -1, 2, 5]
    let d: Tensor<Double> = Samples.weights([ids.count, 3], phase: 2)
    return LayerCase(name: "embedding", layout: layout, inputs: []) { _, weights in
      Forward(loss: layer.forward(ids, weights).dot(d)) { gradients in
        layer.backward(d, ids: ids, into: &gradients)
        return []
      }
    }
  }

  private static var layerNorm: LayerCase {
    var layout = ParameterLayout()
    let layer = LayerNorm("norm", size: 5, in: &layout)
    let d: Tensor<Double> = Samples.weights([3, 5], phase: 5)
    return LayerCase(name: "layer norm", layout: layout, inputs: [("x", [3, 5])]) {
      inputs, weights in
      let (y, cache) = layer.forward(inputs[0], weights)
      return Forward(loss: y.dot(d)) { gradients in
        [layer.backward(d, cache, weights, into: &gradients)]
      }
    }
  }

  private static var featureBag: LayerCase {
    var layout = ParameterLayout()
    let layer = FeatureBag("features", features: 7, classes: 3, in: &layout)
    let bags = FeatureBags(ids: [6, 1, 1, 2, 6], recordEnds: [3, 3, 4, 5])
    let d: Tensor<Double> = Samples.weights([4, 3], phase: 3)
    return LayerCase(
      name: "feature bag", layout: layout, inputs: [("logits", [4, 3])]
    ) { inputs, weights in
      var logits = inputs[0]
      layer.forward(bags, scale: 1.5, addingTo: &logits, weights)
      return Forward(loss: logits.dot(d)) { gradients in
        layer.backward(d, bags, scale: 1.5, into: &gradients)
        return [d]
      }
    }
  }

  private static func crossEntropy(isSoft: Bool) -> LayerCase {
    let targets: Tensor<Double> =
      isSoft
      ? Tensor([3, 4], [0.1, 0.2, 0.3, 0.4, 0, 0.5, 0.5, 0, 0.7, 0.1, 0.1, 0.1])
      : SoftmaxCrossEntropy.oneHot([2, 0, 3], count: 4)
    return LayerCase(
      name: "softmax cross-entropy, \(isSoft ? "soft" : "hard")", layout: ParameterLayout(),
      inputs: [("logits", [3, 4])]
    ) { inputs, _ in
      let (loss, d) = SoftmaxCrossEntropy.lossAndGradient(inputs[0], targets: targets, scale: 0.3)
      return Forward(loss: 0.3 * loss) { _ in [d] }
    }
  }

  private static func pooling(_ text: String) -> LayerCase {
    var layout = ParameterLayout()
    let width = 5
    let rules = (try? Pooling.rules(text)) ?? []
    let layer = Pooling(rules, width: width, in: &layout)
    let sequences = SequenceLayout(lengths: [4, 3, 1])
    let d: Tensor<Double> = Samples.weights([3, layer.outputSize], phase: 4)
    let usesFinal = rules.contains(.last)
    let usesSteps = rules != [.last]
    let inputs: [(name: String, shape: [Int])] =
      (usesSteps ? [("x", [8, width])] : []) + (usesFinal ? [("final", [3, width])] : [])
    return LayerCase(name: "pooling \(text)", layout: layout, inputs: inputs) { inputs, weights in
      let x = usesSteps ? inputs[0] : Tensor(zeros: [8, width])
      let final = usesFinal ? inputs[inputs.count - 1] : Tensor(zeros: [3, width])
      let (y, cache) = layer.forward(x, final: final, sequences, weights)
      return Forward(loss: y.dot(d)) { gradients in
        let (dx, dFinal) = layer.backward(
          d, x: x, cache, sequences, weights, into: &gradients)
        return (dx.map { [$0] } ?? []) + (usesFinal ? [dFinal] : [])
      }
    }
  }
}
