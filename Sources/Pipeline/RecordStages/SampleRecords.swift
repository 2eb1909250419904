/// Keeps a share of the records, chosen by a hash of each.
///
/// Equal records stay or go together, the order is kept, and a larger share keeps all that a smaller
/// one keeps. The expected number of distinct records kept is `share * N`.
public struct SampleRecords: Stage {
  public struct Options: StageOptions {
    /// From 0 to 1.
    public var share: Double
    /// Another seed gives another choice.
    public var seed: Int

    public init() { self.init(share: 1) }
    public init(share: Double, seed: Int = 1) {
      self.share = share
      self.seed = seed
    }
  }

  public static let descriptor = StageDescriptor(
    id: "records.sample@1", summary: "Keep a share of the records, chosen by a hash of each",
    input: .text, output: .text, isOneToOne: false,
    options: [
      OptionDescriptor("share", "How much is kept, from 0 to 1"),
      OptionDescriptor("seed", "Another seed gives another choice"),
    ])

  public let options: Options

  /// - Throws: `PipelineError.malformedOption` where the share is not from 0 to 1.
  public init(options: Options, resources: ResourceReader = ResourceReader()) throws {
    guard (0...1).contains(options.share) else {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id, name: "share", problem: "must be from 0 to 1")
    }
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    SelectingRunner(
      selector: Selector(hash: RecordHash(seed: options.seed), share: options.share))
  }

  private struct Selector: RecordSelector {
    let hash: RecordHash
    let share: Double

    func keeps(_ record: UnsafeBufferPointer<UInt8>) -> Bool { hash.point(of: record) < share }
  }
}
