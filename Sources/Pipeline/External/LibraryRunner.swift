import CSeqtoolPlugin

/// One stream through a library's stage.
struct LibraryRunner: StageRunner {
  let state: LibraryState
  let maxRecord: Int
  let tracksOffsets: Bool

  func consume(_ chunk: TextChunk) throws -> TextChunk {
    guard chunk.count > 0 else { return chunk }
    var collected = Collected(expected: chunk.count, maxRecord: maxRecord)
    let (code, message) = run(chunk, into: &collected)
    if let problem = collected.problem { throw state.library.failure(problem) }
    guard code == 0 else { throw state.library.failure("failed: \(message)") }
    if let problem = ReplyCheck.problem(in: collected.records, to: chunk) {
      throw state.library.failure(problem)
    }
    var records = collected.records
    if tracksOffsets { records.alignment = ReplyCheck.alignment(of: records, to: chunk) }
    return records
  }

  private func run(
    _ chunk: TextChunk, into collected: inout Collected
  ) -> (code: Int32, message: String) {
    withUnsafeMutablePointer(to: &collected) { collected in
      chunk.bytes.withUnsafeBufferPointer { bytes in
        chunk.ends.withUnsafeBufferPointer { ends in
          let records = seqtool_records(
            bytes: bytes.baseAddress, ends: ends.baseAddress, count: ends.count)
          let sink = seqtool_sink(context: collected) { context, bytes, length in
            guard let context else { return -1 }
            let record = UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : length)
            return context.assumingMemoryBound(to: Collected.self).pointee.append(record)
          }
          return state.library.process(state.state, records, sink)
        }
      }
    }
  }
}

/// What the library has answered so far.
private struct Collected {
  let expected: Int
  let maxRecord: Int
  var records = TextChunk()
  var problem: String?

  mutating func append(_ record: UnsafeBufferPointer<UInt8>) -> Int32 {
    guard problem == nil else { return -1 }
    if records.count == expected {
      problem = "gave more records than the \(expected) that it took"
    } else if record.count > maxRecord || records.bytes.count + record.count > 1 << 31 {
      problem = "a record of its reply is longer than \(maxRecord) bytes (maxRecord)"
    } else {
      records.append(record)
    }
    return problem == nil ? 0 : -1
  }
}
