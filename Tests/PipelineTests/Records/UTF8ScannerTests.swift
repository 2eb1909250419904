import Pipeline
import Testing

@Suite struct UTF8ScannerTests {
  private func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    _ = bytes.withUnsafeBufferPointer { UTF8Scanner.appendRepaired($0, to: &output) }
    return output
  }

  private func isMalformed(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { UTF8Scanner.firstMalformed(in: $0) != nil }
  }

  /// Swift's decoder also puts one U+FFFD for every maximal subpart.
  private func check(_ bytes: [UInt8]) {
    let expected = Array(String(decoding: bytes, as: UTF8.self).utf8)
    let found = repaired(bytes)
    if found != expected { Issue.record("\(bytes): \(found), not \(expected)") }
    let isValid = String(validating: bytes, as: UTF8.self) != nil
    if isMalformed(bytes) == isValid { Issue.record("\(bytes): valid is \(isValid)") }
  }

  @Test func allPairsAreRepairedLikeSwift() {
    for a in UInt8.min...UInt8.max {
      check([a])
      for b in UInt8.min...UInt8.max {
        check([a, b])
        // Eight bytes and more are read at once.
        check(Array("été x".utf8) + [a, b] + Array("日本 abcdefgh".utf8))
      }
    }
  }

  /// Each byte stands for its class of table 3-7, so these are all sequences of up to five bytes.
  @Test func allSequencesOfByteClassesAreRepairedLikeSwift() {
    let classes: [UInt8] = [
      0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xE1, 0xED, 0xF0, 0xF1, 0xF4,
      0xF5,
    ]
    for a in classes[7...] {
      for b in classes {
        for c in classes {
          for d in classes {
            check([a, b, c, d, 0x41])
            check([0x41, 0x20, a, b, c, d, 0x41, 0xC3, 0xA9])
          }
        }
      }
    }
  }

  @Test func everyScalarIsValid() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let bytes = Array(UTF8.encode(scalar).map { Array($0) } ?? [])
      if isMalformed(bytes) { Issue.record("\(scalar)") }
    }
  }

  @Test func faultsAreFoundAtEveryPlaceOfAWord() {
    for length in 0..<80 {
      let text = [UInt8](repeating: 0x61, count: length)
      #expect(!isMalformed(text))
      for i in 0..<length {
        var bad = text
        bad[i] = 0xFF
        let found = bad.withUnsafeBufferPointer { UTF8Scanner.firstMalformed(in: $0) }
        if found != i { Issue.record("\(length), \(i): \(String(describing: found))") }
      }
    }
  }

  @Test func replacementsAreCounted() {
    var output: [UInt8] = []
    let bytes: [UInt8] = [0x61, 0xFF, 0xE6, 0x97, 0x62, 0xF0, 0x9F]
    let count = bytes.withUnsafeBufferPointer { UTF8Scanner.appendRepaired($0, to: &output) }
    #expect(count == 3)
    #expect(String(decoding: output, as: UTF8.self) == "a\u{FFFD}\u{FFFD}b\u{FFFD}")
  }
}
