/// One token per byte.
struct ByteCutter: Cutter {
  func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) {
    for i in record.indices { tokens.append(base + i, base + i + 1) }
  }
}

/// One token per Unicode scalar.
struct ScalarCutter: Cutter {
  func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) {
    var i = 0
    while i < record.count {
      let begin = i
      i += 1
      while i < record.count, record[i] & 0xC0 == 0x80 { i += 1 }
      tokens.append(base + begin, base + i)
    }
  }
}

/// What stands between white space.
struct WhiteSpaceCutter: Cutter {
  func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) {
    var i = 0
    var begin = 0
    while i < record.count {
      let length = WhiteSpace.length(at: i, in: record)
      if length == 0 {
        i += 1
        continue
      }
      if i > begin { tokens.append(base + begin, base + i) }
      i += length
      begin = i
    }
    if i > begin { tokens.append(base + begin, base + i) }
  }
}
