import Pipeline
import Testing

@Suite struct ProtobufWriterTests {
  /// The examples of the format's own documentation (protobuf.dev, "Encoding").
  @Test func theDocumentedExamplesComeOut() {
    var integer = ProtobufWriter()
    integer.integer(1, 150)
    #expect(integer.bytes == [0x08, 0x96, 0x01])
    var text = ProtobufWriter()
    text.text(2, "testing")
    #expect(text.bytes == [0x12, 0x07] + Array("testing".utf8))
    var message = ProtobufWriter()
    message.message(3) { $0.integer(1, 150) }
    #expect(message.bytes == [0x1A, 0x03, 0x08, 0x96, 0x01])
    var negative = ProtobufWriter()
    negative.integer(1, -2)
    #expect(negative.bytes == [0x08, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01])
  }

  @Test func theReaderGivesBackWhatWasWritten() throws {
    let numbers = [0, 1, 127, 128, 300, 1 << 31, .max, -1, .min]
    var writer = ProtobufWriter()
    for (i, number) in numbers.enumerated() { writer.integer(i + 1, number) }
    writer.float(1000, -0.25)
    writer.data((1 << 29) - 1, [UInt8](repeating: 7, count: 300))
    var found: [Int] = []
    try writer.bytes.withUnsafeBufferPointer { bytes in
      var reader = ProtobufReader(bytes, 0..<bytes.count)
      while let (field, value) = try reader.next() {
        switch value {
        case .varint(let bits):
          #expect(field == found.count + 1)
          found.append(Int(truncatingIfNeeded: bits))
        case .fixed32(let bits): #expect(field == 1000 && Float(bitPattern: bits) == -0.25)
        case .bytes(let range): #expect(field == (1 << 29) - 1 && range.count == 300)
        case .fixed64: Issue.record("nothing wrote one")
        }
      }
    }
    #expect(found == numbers)
  }
}
