import Pipeline

extension RecurrentClassifier {
  /// Predictions for a chunk, cut into pieces that the pool works on.
  func predict(_ ids: IDChunk, pool: WorkerPool) -> PredictionChunk {
    let size = max(1, (ids.count + pool.threads - 1) / pool.threads)
    let starts = Array(stride(from: 0, to: ids.count, by: size))
    let results = Slots(starts.count) { _ in PredictionChunk(labels: labels) }
    pool.run(starts.count) { i in
      let runner = RecurrentClassifierRunner(self)
      results[i] = runner.predict(ids.records(starts[i]..<min(starts[i] + size, ids.count)))
    }
    var all = PredictionChunk(labels: labels)
    for i in 0..<results.count { all.logProbabilities += results[i].logProbabilities }
    return all
  }

  /// The same classifier with its logits divided by the temperature τ that makes the loss of the
  /// given predictions smallest (Guo et al., 2017, section 4.2).
  func calibrated(on predictions: PredictionChunk, targets: [Int32]) -> RecurrentClassifier {
    dividingLogits(by: Temperature.fitted(predictions, targets: targets))
  }

  /// The same classifier with its logits divided by a temperature τ, which the last layer's weights
  /// and biases take in: nothing is added to the model.
  ///
  /// - Precondition: τ > 0.
  package func dividingLogits(by temperature: Double) -> RecurrentClassifier {
    var parameters = parameters
    let scaled = [network.head.weight, network.head.bias, network.bag?.weight].compactMap { $0 }
    for parameter in scaled {
      Float.scale(
        parameters.mutablePointer(parameter), by: Float(1 / temperature), count: parameter.count)
    }
    return RecurrentClassifier(labels: labels, network: network, parameters: parameters)
  }
}

extension IDChunk {
  /// Some consecutive records as a chunk of their own.
  func records(_ part: Range<Int>) -> IDChunk {
    func cut(_ values: [Int32], _ ends: [UInt32]) -> (values: [Int32], ends: [UInt32]) {
      let start = part.lowerBound == 0 ? 0 : ends[part.lowerBound - 1]
      let end = part.isEmpty ? start : ends[part.upperBound - 1]
      return (Array(values[Int(start)..<Int(end)]), ends[part].map { $0 - start })
    }
    let (ids, ends) = cut(ids, recordEnds)
    let bags = features.map { features in
      let (values, ends) = cut(features.ids, features.recordEnds)
      return FeatureBags(ids: values, recordEnds: ends)
    }
    return IDChunk(ids: ids, recordEnds: ends, features: bags)
  }
}
