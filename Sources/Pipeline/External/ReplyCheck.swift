/// What every reply from outside must hold, whatever door it came through.
enum ReplyCheck {
  /// What is wrong with the records of a reply, `nil` where nothing is: they must be as many as
  /// were asked about and well-formed UTF-8, and none may bring in a line feed, a NUL or a CR at its
  /// end where its original has none, for these would become further records or change one.
  static func problem(in reply: TextChunk, to chunk: TextChunk) -> String? {
    guard reply.count == chunk.count else {
      return "took \(chunk.count) records and gave \(reply.count)"
    }
    if let record = malformedRecord(reply) {
      return "record \(record + 1) of its reply is not well-formed UTF-8"
    }
    let separators: [(byte: UInt8, name: String)] = [(0x0A, "a line feed"), (0, "NUL")]
    for (byte, name) in separators where reply.bytes.contains(byte) {
      for record in 0..<reply.count
      where reply.bytes[reply.range(record)].contains(byte)
        && !chunk.bytes[chunk.range(record)].contains(byte)
      {
        return "record \(record + 1) of its reply has \(name) inside, but the record has none"
      }
    }
    for record in 0..<reply.count
    where reply.bytes[reply.range(record)].last == 0x0D
      && chunk.bytes[chunk.range(record)].last != 0x0D
    {
      return "record \(record + 1) of its reply ends in CR, but the record does not"
    }
    return nil
  }

  private static func malformedRecord(_ reply: TextChunk) -> Int? {
    let place = reply.bytes.withUnsafeBufferPointer { UTF8Scanner.firstMalformed(in: $0) }
    if let place { return reply.ends.firstIndex { $0 > place } }
    // All is well as a whole, but a border may stand within a scalar.
    return reply.ends.firstIndex { end in
      Int(end) < reply.bytes.count && reply.bytes[Int(end)] & 0xC0 == 0x80
    }
  }

  /// A plugin does not say where its bytes come from: a record that it left alone keeps its
  /// offsets, each byte of another one stands for the whole original.
  static func alignment(of reply: TextChunk, to chunk: TextChunk) -> Alignment {
    let original = chunk.alignment ?? Alignment(identityOf: chunk)
    var result = Alignment()
    for record in 0..<reply.count {
      let (old, new) = (chunk.range(record), reply.range(record))
      if chunk.bytes[old] == reply.bytes[new] {
        result.starts += original.starts[old]
        result.ends += original.ends[old]
      } else {
        let start = original.starts[old].min() ?? 0
        let end = original.ends[old].max() ?? 0
        result.starts += repeatElement(start, count: new.count)
        result.ends += repeatElement(end, count: new.count)
      }
    }
    return result
  }
}
