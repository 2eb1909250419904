import Pipeline
import Seq
import Testing

@Suite struct RecurrentClassifierTests {
  /// Alone, in chunks of any size, in whatever company: the same bits.
  @Test(arguments: Cells.all.map(\.name), ["max+mean+last", "attention"])
  func aRecordDoesNotDependOnItsNeighbours(cell: String, pooling: String) throws {
    let sample = SampleClassifier(cell: cell, pooling: pooling)
    let classifier = try sample.make()
    let (records, features) = sample.chunk(300)
    let whole = try classifier.predictions(Samples.chunk(records, features: features))
    #expect(whole.count == 300)
    for size in [1, 7, 64, 299] {
      var runner = try classifier.makeRunner(RunContext())
      var bits: [UInt32] = []
      for start in stride(from: 0, to: 300, by: size) {
        let part = start..<min(start + size, 300)
        bits += try runner.consume(
          Samples.chunk(Array(records[part]), features: Array(features[part]))
        ).bits
      }
      #expect(bits == whole.bits, "chunks of \(size)")
    }
  }

  @Test func rowsAreDistributions() throws {
    let sample = SampleClassifier()
    let (records, features) = sample.chunk(50)
    let predictions = try sample.make().predictions(Samples.chunk(records, features: features))
    #expect(predictions.labels == sample.labels)
    for i in 0..<50 {
      let sum = predictions.row(i).reduce(0) { $0 + Double.exp(Double($1)) }
      #expect(abs(sum - 1) < 1e-5)
    }
    #expect(Set(predictions.bits).count > 150)
  }

  @Test func noRecordsGiveNoPredictions() throws {
    #expect(try SampleClassifier().make().predictions(IDChunk()).count == 0)
  }

  @Test func readsAtMostMaximumLengthAndNothingAsSymbolZero() throws {
    let classifier = try SampleClassifier().make()
    let long = Samples.records(1, lengths: 6000...6000, symbols: 11, seed: 3)[0]
    let bits = try classifier.predictions(
      Samples.chunk([long, Array(long.prefix(25)), Array(long.prefix(24)), [], [0]])
    ).bits
    let rows = (0..<5).map { Array(bits[$0 * 4..<$0 * 4 + 4]) }
    #expect(rows[0] == rows[1])
    #expect(rows[1] != rows[2])
    #expect(rows[3] == rows[4])
  }

  @Test func symbolsAndFeaturesBeyondTheTablesAreRefused() throws {
    let classifier = try SampleClassifier().make()
    for symbol: Int32 in [11, -1, .max, .min] {
      #expect(throws: SeqError.self) {
        try classifier.predictions(Samples.chunk([[0, 10], [3, symbol]]))
      }
    }
    for feature: Int32 in [30, -1, .max] {
      #expect(throws: SeqError.self) {
        try classifier.predictions(Samples.chunk([[0]], features: [[29, feature]]))
      }
    }
    #expect(throws: SeqError.self) {
      try classifier.predictions(Samples.chunk([[0], [1]], features: [[29]]))
    }
    let error = #expect(throws: SeqError.self) {
      try classifier.predictions(Samples.chunk([[], [0], [1, 12]]))
    }
    #expect(error.map { "\($0)".contains("symbol 12 of record 3") } == true)
  }

  @Test(arguments: Cells.all.map(\.name))
  func survivesWritingAndReading(cell: String) throws {
    let sample = SampleClassifier(cell: cell, pooling: "max+attention")
    let classifier = try sample.make()
    var writer = ResourceWriter()
    try classifier.write(to: &writer)
    let reader = ResourceReader(writer.resources)
    let copy = try RecurrentClassifier(options: classifier.options, resources: reader)
    #expect(reader.consumed == Set(writer.resources.keys))
    #expect(copy.labels == classifier.labels)
    let (records, features) = sample.chunk(40)
    let chunk = Samples.chunk(records, features: features)
    #expect(try copy.predictions(chunk).bits == classifier.predictions(chunk).bits)
    var again = ResourceWriter()
    try copy.write(to: &again)
    #expect(again.resources == writer.resources)
  }

  @Test func tensorsHavePyTorchsNamesAndShapes() throws {
    var writer = ResourceWriter()
    try SampleClassifier(cell: "gru", pooling: "max").make().write(to: &writer)
    let shapes = writer.resources.mapValues(\.shape)
    var expected = [
      "labels": [19], "embedding.weight": [11, 6], "head.weight": [4, 42], "head.bias": [4],
      "features.weight": [30, 4],
    ]
    for suffix in ["l0", "l0_reverse", "l1", "l1_reverse"] {
      expected["rnn.weight_ih_\(suffix)"] = [63, suffix.hasPrefix("l0") ? 6 : 42]
      expected["rnn.weight_hh_\(suffix)"] = [63, 21]
      expected["rnn.bias_ih_\(suffix)"] = [63]
      expected["rnn.bias_hh_\(suffix)"] = [63]
    }
    #expect(shapes == expected)
  }

  @Test func aMissingOrMalformedTensorIsRefused() throws {
    let classifier = try SampleClassifier(pooling: "attention").make()
    var writer = ResourceWriter()
    try classifier.write(to: &writer)
    func read(_ change: (inout [String: Resource]) -> Void) throws {
      var resources = writer.resources
      change(&resources)
      _ = try RecurrentClassifier(
        options: classifier.options, resources: ResourceReader(resources))
    }
    try read { _ in }
    for name in writer.resources.keys.sorted() {
      #expect(throws: PipelineError.missingResource(name)) { try read { $0[name] = nil } }
      #expect(throws: PipelineError.self) { try read { $0[name]?.type = .i32 } }
      guard name != "labels" else { continue }
      #expect(throws: PipelineError.self) { try read { $0[name]?.shape.append(1) } }
      #expect(throws: PipelineError.self) { try read { $0[name]?.shape[0] += 1 } }
      #expect(throws: PipelineError.self) { try read { $0[name]?.bytes.removeLast() } }
      #expect(throws: PipelineError.self) { try read { $0[name]?.bytes.append(0) } }
    }
  }

  /// The options of a file claim 2^40 weights: the tensors, which are not there, are asked for
  /// before memory is.
  @Test func hugeOptionsCostNoMemory() throws {
    var options = ClassifierOptions()
    (options.symbols, options.embedding, options.features) = (1 << 26, 1 << 14, 1 << 28)
    #expect(throws: PipelineError.missingResource("embedding.weight")) {
      try RecurrentClassifier(
        options: options,
        resources: ResourceReader([
          "labels": Resource(type: .u8, shape: [4], bytes: Array("a\nb\n".utf8))
        ]))
    }
  }
}
