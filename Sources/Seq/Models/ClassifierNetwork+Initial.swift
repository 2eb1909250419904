extension ClassifierNetwork {
  /// The weights that training begins with. As in PyTorch unless the options say otherwise:
  /// N(0, 1) for the embedding, U(-1/√H, 1/√H) for recurrent layers, U(-1/√P, 1/√P) for the head;
  /// zeros for features.
  func initialParameters(_ training: TrainingOptions) -> ParameterVector<Float> {
    var initial = InitialWeights(layout, seed: training.seed)
    initial.fill(embedding.weight, .normal)
    initial.fill(
      stack, input: training.initializer, recurrent: training.recurrentInitializer,
      forgetBias: training.forgetBias)
    for parameter in layout.parameters where parameter.name.hasPrefix("pooling.") {
      initial.fill(parameter, .uniform, fanIn: parameter.shape.last)
    }
    initial.fill(head.weight, .uniform, fanIn: head.inputs)
    if let bias = head.bias { initial.fill(bias, .uniform, fanIn: head.inputs) }
    return initial.parameters
  }
}
