import Glibc
import Pipeline

/// A classifier of K = 3 labels: the logits of a record are a sum over its bytes of rows of a
/// table `[7, K]`, the row being the byte modulo 7.
struct SampleModel: Stage {
  struct Options: StageOptions {
    var labels = ["a", "b", "c"]
    var temperature = 1.0
  }

  static let rows = 7
  static let descriptor = StageDescriptor(
    id: "sample.model@1", summary: "Classifies by byte counts", input: .text,
    output: .predictions, isModel: true)

  let options: Options
  let weights: [Float]

  init(weights: [Float]) { (options, self.weights) = (Options(), weights) }

  init(options: Options, resources: ResourceReader) throws {
    self.options = options
    let table = try resources.read("table.weight", .f32)
    guard table.shape == [Self.rows, options.labels.count] else {
      throw PipelineError.malformedResource("table.weight", "has the shape \(table.shape)")
    }
    weights = table.bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }

  func write(to resources: inout ResourceWriter) throws {
    let bytes = weights.withUnsafeBytes { Array($0) }
    try resources.add(
      "table.weight",
      Resource(type: .f32, shape: [Self.rows, options.labels.count], bytes: bytes))
  }

  func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, PredictionChunk> {
    Runner(labels: options.labels, weights: weights)
  }

  private struct Runner: StageRunner {
    let labels: [String]
    let weights: [Float]

    func consume(_ chunk: TextChunk) -> PredictionChunk {
      var output = PredictionChunk(labels: labels)
      for i in 0..<chunk.count {
        var logits = [Float](repeating: 0, count: labels.count)
        for byte in chunk.bytes[chunk.range(i)] {
          for k in logits.indices {
            logits[k] += weights[Int(byte) % SampleModel.rows * labels.count + k]
          }
        }
        let total = log(logits.reduce(0) { $0 + exp($1) })
        output.logProbabilities += logits.map { $0 - total }
      }
      return output
    }
  }

  /// A registry that knows all sample stages.
  static func registry() throws -> Registry {
    try Registry([
      StageEntry(SampleModel.self), StageEntry(Prefix.self), StageEntry(Dropper.self),
      StageEntry(Liar.self), StageEntry(Join.self),
    ])
  }

  /// A chain of three stages, two of which have something to save.
  static func chain() throws -> Chain {
    let weights = (0..<rows * 3).map { (i: Int) -> Float in Float(i % 5) / 8 - Float(i % 3) / 4 }
    return try Chain(
      Prefix(options: Prefix.Options()), Dropper(dropping: Array("xyz".utf8)),
      SampleModel(weights: weights))
  }
}
