import Pipeline
import Seq
import Testing

/// Ten steps of training from PyTorch's weights give PyTorch's losses.
@Suite struct LanguageModelGoldenTests {
  static let networks =
    Cells.all.map { ($0.name, StackNormalization.none) } + [("gru", .layer), ("lstm", .layer)]

  @Test(arguments: networks, [("adam", 0.02), ("sgd", 0.5)])
  func lossesArePyTorchs(
    network: (cell: String, normalization: StackNormalization), rule: (name: String, rate: Double)
  ) throws {
    let file = try GoldenFile("language_models")
    let golden = file.group("\(network.cell)/\(network.normalization)/\(rule.name)")
    let text = try file.integers("text")
    var options = LanguageModelOptions()
    (options.cell, options.normalization) = network
    (options.symbols, options.embedding, options.hidden) = (7, 4, 5)
    (options.layers, options.end) = (2, 1)
    var training = LanguageModelTraining()
    (training.epochs, training.batchSize, training.bptt) = (4, 3, 5)
    (training.optimizer, training.learningRate) = (rule.name, rule.rate)
    training.schedule = .constant
    let trainer = try LanguageModelTrainer(architecture: options, training: training)

    // A snapshot of a run, made into one that stands before the first step with these weights.
    let monitor = MemoryMonitor()
    monitor.stops = true
    #expect(throws: SeqError.interrupted(step: 1)) {
      try trainer.fit(train: text, monitor: monitor)
    }
    var start = try #require(try monitor.saved(""))
    for name in ["step", "epoch_step", "loss_count", "tokens"] { start.numbers[name] = 0 }
    start.numbers["loss"] = 0
    let layout = try LanguageModelNetwork(options).layout
    start.arrays["parameters"] = try layout.parameters.flatMap { parameter in
      try golden.values(parameter.name).map { Float($0) }
    }
    for name in start.arrays.keys where name.hasPrefix("optimizer.") {
      start.arrays[name] = [Float](repeating: 0, count: layout.count)
    }
    monitor.stops = false
    try monitor.save(start, of: "", isBest: false)

    var sums: [Double] = []
    var losses: [Double] = []
    _ = try trainer.fit(train: text, monitor: monitor) { event in
      guard case .step(_, _, let mean, _) = event else { return }
      // The event has the mean of the epoch so far.
      let count = Double(sums.count % 3 + 1)
      let before = sums.count % 3 == 0 ? 0 : sums[sums.count - 1]
      sums.append(mean * count)
      losses.append(mean * count - before)
    }
    let expected = try golden.values("losses")
    #expect(expected.count == 10 && losses.count == 12)
    for (found, expected) in zip(losses, expected) { #expect(abs(found - expected) <= 1e-4) }
    #expect(abs(expected[0] - expected[9]) > 1e-2)
  }
}
