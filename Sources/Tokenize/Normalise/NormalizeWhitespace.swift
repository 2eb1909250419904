public import Pipeline

/// Collapses every run of white space (Unicode's White_Space property) to one space, and trims both
/// ends of a record.
public struct NormalizeWhitespace: Stage {
  public typealias Options = NoOptions

  public static let descriptor = StageDescriptor(
    id: "normalize.whitespace@1", summary: "Collapse white space to single spaces and trim",
    input: .text, output: .text)

  public let options: NoOptions

  public init(options: NoOptions = NoOptions(), resources: ResourceReader = ResourceReader()) {
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    RewritingRunner(Rewriter(), stage: Self.descriptor.id, context: context)
  }
}

extension NormalizeWhitespace {
  private struct Rewriter: RecordRewriter {
    let asciiRule = ASCIIRule.rewritten
    // A line feed is white space itself.
    let rewritesLinesAlone = false

    func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer) {
      output.removeAll()
      output.reserve(record.count)
      let end = WhiteSpace.endOfText(in: record)
      // A span is copied whole: it ends only where white space is not just one space.
      var span = WhiteSpace.end(of: 0, in: record)
      var i = span
      while i < end {
        let length = WhiteSpace.length(at: i, in: record)
        if length == 0 {
          i += 1
          continue
        }
        let next = WhiteSpace.end(of: i, in: record)
        if next - i > 1 || record[i] != 0x20 {
          output.append(UnsafeBufferPointer(rebasing: record[span..<i]), from: span)
          output.append(0x20, for: i..<next)
          span = next
        }
        i = next
      }
      if span < end {
        output.append(UnsafeBufferPointer(rebasing: record[span..<end]), from: span)
      }
    }
  }
}
