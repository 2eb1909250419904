import Pipeline

/// `Doe, Jane` becomes `Jane Doe`; other records stay as they are.
struct SwapNames: Stage {
  static let descriptor = StageDescriptor(
    id: "example.swap-names@1", summary: "Put a given name before its family name",
    input: .text, output: .text)

  let options: NoOptions

  init(options: NoOptions = NoOptions(), resources: ResourceReader = ResourceReader()) {
    self.options = options
  }

  func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> { Runner() }

  private struct Runner: StageRunner {
    func consume(_ chunk: TextChunk) -> TextChunk {
      var output = TextChunk()
      for record in 0..<chunk.count { output.append(swap(chunk.bytes[chunk.range(record)])) }
      return output
    }

    private func swap(_ record: ArraySlice<UInt8>) -> [UInt8] {
      guard let comma = record.firstIndex(of: UInt8(ascii: ",")) else { return Array(record) }
      let (family, given) = (record[..<comma], record[(comma + 1)...])
      return trimmed(given) + [0x20] + trimmed(family)
    }

    private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      guard let first = bytes.firstIndex(where: { $0 != 0x20 }),
        let last = bytes.lastIndex(where: { $0 != 0x20 })
      else { return [] }
      return bytes[first...last]
    }
  }
}
