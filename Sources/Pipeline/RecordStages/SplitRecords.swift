/// Keeps one of three parts of the records: for training, for development, for the last test.
///
/// With p the hash point of a record, it belongs to `test` where p < test, to `dev` where
/// test <= p < test + dev, and to `train` otherwise. So the parts of one seed and one pair of shares
/// are disjoint and together everything, equal records are in one part, a record's part never
/// depends on its place, and another `dev` share moves nothing into or out of `test`.
public struct SplitRecords: Stage {
  /// A part of the data.
  public enum Part: String, Codable, Sendable, CaseIterable {
    case train
    case dev
    case test
  }

  public struct Options: StageOptions {
    /// The part that is kept.
    public var part: Part
    /// The share for development, from 0 to 1.
    public var dev: Double
    /// The share for the test, from 0 to 1.
    public var test: Double
    /// Another seed gives another split.
    public var seed: Int

    public init() { self.init(part: .train) }
    public init(part: Part, dev: Double = 0.05, test: Double = 0.05, seed: Int = 1) {
      self.part = part
      self.dev = dev
      self.test = test
      self.seed = seed
    }
  }

  public static let descriptor = StageDescriptor(
    id: "records.split@1", summary: "Keep one part of a split chosen by a hash of each record",
    input: .text, output: .text, isOneToOne: false,
    options: [
      OptionDescriptor(
        "part", "The part that is kept", choices: Part.allCases.map(\.rawValue)),
      OptionDescriptor("dev", "The share for development; train has what dev and test leave"),
      OptionDescriptor("test", "The share for the test"),
      OptionDescriptor("seed", "Another seed gives another split"),
    ])

  public let options: Options

  /// - Throws: `PipelineError.malformedOption` where a share or their sum is not from 0 to 1.
  public init(options: Options, resources: ResourceReader = ResourceReader()) throws {
    for (name, share) in [("dev", options.dev), ("test", options.test)]
    where !(0...1).contains(share) {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id, name: name, problem: "must be from 0 to 1")
    }
    guard options.dev + options.test <= 1 else {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id, name: "dev", problem: "and test together must be at most 1")
    }
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    SelectingRunner(selector: Selector(hash: RecordHash(seed: options.seed), options: options))
  }

  private struct Selector: RecordSelector {
    let hash: RecordHash
    let options: Options

    func keeps(_ record: UnsafeBufferPointer<UInt8>) -> Bool {
      let point = hash.point(of: record)
      let part: Part =
        point < options.test ? .test : point < options.test + options.dev ? .dev : .train
      return part == options.part
    }
  }
}
