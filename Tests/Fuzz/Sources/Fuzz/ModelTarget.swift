@testable import Pipeline
@testable import Seq
@testable import Tokenize

/// Model files: whatever is accepted is written back and answers.
struct ModelTarget: FuzzTarget {
  private let registry: Registry
  private let texts = TextChunk(["ab", "", "né 日本", "ab ba abba"])

  init() throws {
    registry = try Registry(
      PipelineStages.all + TokenizeStages.all + SeqStages.all + ExternalStages.all)
  }

  /// ICU gives up after a time where a pattern in the file is hard.
  func mayThrow(_ error: any CategorizedError) -> Bool {
    if case .icu? = error as? TokenizeError { return true }
    return error.category != .software
  }

  func test(_ input: [UInt8]) throws {
    let model = try ModelFile.read(bytes: input, registry: registry)
    law(model.size == input.count, "another size")
    let saved: [UInt8]
    do {
      saved = try bytes(of: model)
      let again = try ModelFile.read(bytes: saved, registry: registry)
      law(try bytes(of: again) == saved, "a model is written back otherwise")
    } catch { fail("a model is not read back: \(error)") }
    try run(model.chain)
  }

  private func bytes(of model: LoadedModel) throws -> [UInt8] {
    try ModelFile.bytes(
      of: model.chain, information: model.information, selfTest: model.selfTest)
  }

  /// The chain on what it takes: as many records come out as go in.
  private func run(_ chain: Chain) throws {
    let input: any Payload
    switch chain.input {
    case .text: input = texts
    case .ids: input = IDChunk(ids: [0, 1, 2, 1], recordEnds: [2, 2, 4])
    case .images:
      let options = chain.first(LeNet.self)?.options ?? LeNetOptions()
      let size = options.channels * options.height * options.width
      guard size <= 1 << 16 else { return }
      input = ImageChunk(
        channels: options.channels, height: options.height, width: options.width,
        pixels: (0..<2 * size).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    case .numbers:
      let options = chain.first(RecurrentForecaster.self)?.options ?? ForecasterOptions()
      let size = options.inputs * options.window
      guard size <= 1 << 12 else { return }
      input = NumberChunk(
        width: options.inputs, values: (0..<2 * size).map { Double($0 % 5) },
        recordEnds: [UInt32(options.window), UInt32(2 * options.window)])
    default: return
    }
    var runner = try chain.makeRunner()
    let output = try runner.consume(input)
    law(!chain.isOneToOne || output.count == input.count, "\(input.count) in, \(output.count) out")
    if let predictions = output as? PredictionChunk {
      law(!predictions.labels.isEmpty, "no labels")
    }
  }

  func mutate(_ input: [UInt8], _ random: inout MutationRandom) -> [UInt8]? {
    SafetensorsRepair.mutate(input, &random)
  }

  func repair(_ input: [UInt8]) -> [UInt8] { SafetensorsRepair.repair(input) }

  func seeds(_ project: ProjectFiles) throws -> [[UInt8]] { try SampleModels.all() }
}
