/// Keeps the records whose length is within bounds.
///
/// The length is counted in Unicode scalars: it needs no tables, so it is the same everywhere.
public struct FilterRecords: Stage {
  public struct Options: StageOptions {
    /// The least number of characters.
    public var minimum: Int
    /// The greatest number of characters; 0 for no limit.
    public var maximum: Int

    public init() { self.init(minimum: 1) }
    public init(minimum: Int, maximum: Int = 0) {
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  public static let descriptor = StageDescriptor(
    id: "records.filter@1", summary: "Keep records of some length", input: .text, output: .text,
    isOneToOne: false,
    options: [
      OptionDescriptor("minimum", "The least number of characters (Unicode scalars)"),
      OptionDescriptor("maximum", "The greatest number of characters; 0 for no limit"),
    ])

  public let options: Options

  /// - Throws: `PipelineError.malformedOption` where a bound is negative or they exclude each other.
  public init(options: Options, resources: ResourceReader = ResourceReader()) throws {
    for (name, bound) in [("minimum", options.minimum), ("maximum", options.maximum)]
    where bound < 0 {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id, name: name, problem: "must be 0 or more")
    }
    guard options.maximum == 0 || options.minimum <= options.maximum else {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id, name: "maximum", problem: "is less than minimum")
    }
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    let maximum = options.maximum == 0 ? Int.max : options.maximum
    return SelectingRunner(selector: Selector(lengths: options.minimum...maximum))
  }

  private struct Selector: RecordSelector {
    let lengths: ClosedRange<Int>

    func keeps(_ record: UnsafeBufferPointer<UInt8>) -> Bool {
      lengths.contains(record.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) })
    }
  }
}
