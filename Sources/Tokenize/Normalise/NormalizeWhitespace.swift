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

    func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer) {
      output.removeAll()
      output.reserve(record.count)
      var i = 0
      while i < record.count {
        let begin = i
        while i < record.count {
          let length = WhiteSpace.length(at: i, in: record)
          if length == 0 { break }
          i += length
        }
        if i == record.count { return }
        if i > begin, begin > 0 { output.append(0x20, from: begin..<i) }
        i = copyScalar(at: i, of: record, into: &output)
      }
    }

    private func copyScalar(
      at begin: Int, of record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer
    ) -> Int {
      var end = begin + 1
      while end < record.count, record[end] & 0xC0 == 0x80 { end += 1 }
      for i in begin..<end { output.append(record[i], from: begin..<end) }
      return end
    }
  }
}
