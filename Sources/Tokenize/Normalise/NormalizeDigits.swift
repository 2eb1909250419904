import CICU
public import Pipeline

/// Folds numbers: every decimal digit (category Nd), of whatever script, becomes `0`, so that a
/// vocabulary has one entry for all years and not one for each.
public struct NormalizeDigits: Stage {
  public struct Options: StageOptions {
    /// Whether a run of digits becomes one `0`, in place of as many as it has.
    public var runs: Bool

    public init() { self.init(runs: false) }
    public init(runs: Bool) { self.runs = runs }
  }

  public static let descriptor = StageDescriptor(
    id: "normalize.digits@1", summary: "Replace every digit by 0", input: .text, output: .text,
    options: [OptionDescriptor("runs", "Replace a whole run of digits by one 0")])

  public let options: Options

  public init(options: Options = Options(), resources: ResourceReader = ResourceReader()) {
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    RewritingRunner(
      DigitFolder(foldsRuns: options.runs), stage: Self.descriptor.id, context: context)
  }
}

private struct DigitFolder: RecordRewriter {
  let foldsRuns: Bool
  let asciiRule = ASCIIRule.rewritten
  let rewritesLinesAlone = true

  func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer) {
    output.removeAll()
    var kept = 0
    var i = 0
    while i < record.count {
      let length = Self.digitLength(record, at: i)
      guard length > 0 else {
        i += 1
        continue
      }
      output.append(UnsafeBufferPointer(rebasing: record[kept..<i]), from: kept)
      var end = i + length
      while foldsRuns, end < record.count {
        let next = Self.digitLength(record, at: end)
        if next == 0 { break }
        end += next
      }
      output.append(UInt8(ascii: "0"), for: i..<end)
      (i, kept) = (end, end)
    }
    output.append(UnsafeBufferPointer(rebasing: record[kept...]), from: kept)
  }

  /// How many bytes the digit that begins at `i` has; 0 where none begins there.
  private static func digitLength(_ text: UnsafeBufferPointer<UInt8>, at i: Int) -> Int {
    let first = text[i]
    if first < 0x80 { return (0x30...0x39).contains(first) ? 1 : 0 }
    guard first >= 0xC0 else { return 0 }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    var scalar = UInt32(first) & (0x7F >> UInt32(length))
    for j in 1..<length { scalar = scalar << 6 | UInt32(text[i + j] & 0x3F) }
    return cicu_general_category(scalar) == decimalDigit ? length : 0
  }

  /// General category Nd.
  private static let decimalDigit = UInt16(UInt8(ascii: "N")) << 8 | UInt16(UInt8(ascii: "d"))
}
