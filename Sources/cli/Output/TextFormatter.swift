import Glibc
import Pipeline

/// Text chunks as lines.
struct TextFormatter {
  let delimiter: UInt8

  /// One line for each record, an empty one for a skipped record.
  func format(_ chunk: TextChunk, of records: RecordChunk) -> [UInt8] {
    let size = chunk.bytes.count + chunk.count
    return [UInt8](unsafeUninitializedCapacity: size) { lines, count in
      chunk.bytes.withUnsafeBufferPointer { text in
        if let lines = lines.baseAddress { join(text, chunk.ends, lines) }
        count = size
      }
    }
  }

  private func join(
    _ text: UnsafeBufferPointer<UInt8>, _ ends: [UInt32], _ lines: UnsafeMutablePointer<UInt8>
  ) {
    // A transform may write what ends a record; one record must stay one line.
    let breaksLines = text.baseAddress.flatMap { memchr($0, Int32(delimiter), text.count) } != nil
    var begin = 0
    for (record, end) in ends.enumerated() {
      let end = Int(end)
      let line = lines + begin + record
      if let text = text.baseAddress { memcpy(line, text + begin, end - begin) }
      if breaksLines {
        for i in 0..<end - begin where line[i] == delimiter { line[i] = UInt8(ascii: " ") }
      }
      line[end - begin] = delimiter
      begin = end
    }
  }
}
