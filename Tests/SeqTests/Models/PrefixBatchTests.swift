import Pipeline
import Seq
import Testing

@Suite struct PrefixBatchTests {
  /// What records share changes no bit of what each gets: against batches in which none share.
  @Test(
    arguments: Cells.all.map(\.name),
    [("last", true, 1), ("mean", false, 2), ("max+last", true, 1), ("max+mean+last", false, 1)])
  func logitsAreThoseWithoutSharing(cell: String, shape: (String, Bool, Int)) throws {
    var sample = SampleClassifier(cell: cell, pooling: shape.0, isBidirectional: shape.1)
    sample.options.layers = shape.2
    let classifier = try sample.make()
    let network = classifier.network
    #expect(network.sharesPrefixes)
    let (records, features) = sample.chunk(500)
    let chunk = Samples.chunk(records.map { Array($0.prefix(12)) }, features: features)
    let weights = network.weights(classifier.parameters, forTraining: false)
    let projections = network.projections(weights)
    let limit = 9
    let plain = ClassifierBatch(chunk, records: 0..<500, maximumLength: limit)
    let expected = network.logits(plain, projections, weights)
    let shared = PrefixBatch(
      chunk, records: Array(0..<500), maximumLength: limit, directions: projections.count)
    #expect(shared.trees[0].nodeCount < plain.ids.count)
    let logits = network.logits(shared, projections, weights)
    for (n, record) in plain.records.enumerated() {
      let columns = 0..<sample.labels.count
      #expect(
        columns.map { logits[record, $0].bitPattern } == columns.map { expected[n, $0].bitPattern },
        "record \(record)")
    }
  }

  @Test(arguments: [("attention", false, 1), ("max", true, 2), ("max+mean", true, 1)])
  func someNetworksShareNothing(pooling: String, isBidirectional: Bool, layers: Int) throws {
    var sample = SampleClassifier(pooling: pooling, isBidirectional: isBidirectional)
    sample.options.layers = layers
    #expect(try !sample.make().network.sharesPrefixes)
  }

  /// Through the runner: short records share, long ones do not, and both in chunks of any size.
  @Test(arguments: [4, 40])
  func chunksOfAnySizeGiveTheSameBits(length: Int) throws {
    let sample = SampleClassifier(pooling: "max+last", isBidirectional: false)
    let classifier = try sample.make()
    let records = Samples.records(3000, lengths: 0...length, symbols: 11, seed: 9)
    let whole = try classifier.predictions(Samples.chunk(records))
    var runner = try classifier.makeRunner(RunContext())
    for size in [1, 999] {
      var bits: [UInt32] = []
      for start in stride(from: 0, to: size == 1 ? 60 : 3000, by: size) {
        let part = Array(records[start..<min(start + size, records.count)])
        bits += try runner.consume(Samples.chunk(part)).bits
      }
      #expect(bits[...] == whole.bits.prefix(bits.count), "chunks of \(size)")
    }
  }
}
