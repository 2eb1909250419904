import Pipeline
import Testing
import Tokenize

/// Rules of normalisation that only a hostile SentencePiece model has.
@Suite struct SentencePieceRuleTests {
  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var rest = bytes.count
    while rest >= 0x80 {
      length.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return [number << 3 | 2] + length + [UInt8(rest)] + bytes
  }

  /// The compiled rules: a double array with the one rule `byte` -> `x`, and the replacements.
  private func rules(replacing byte: UInt8) -> [UInt8] {
    var units = [UInt32](repeating: 0, count: 512)
    // The root's children stand at their bytes; the rule's value stands 256 from its node.
    units[Int(byte)] = UInt32(byte) | 1 << 8 | 256 << 10
    let trie = units.flatMap { unit in withUnsafeBytes(of: unit.littleEndian) { Array($0) } }
    return withUnsafeBytes(of: UInt32(trie.count).littleEndian) { Array($0) } + trie
      + Array("x\0".utf8)
  }

  /// A Unigram model of a few pieces.
  private func ids(_ text: String, replacing byte: UInt8) throws -> [Int32] {
    let pieces = [("<unk>", UInt8(2)), ("x", 1), ("z", 1), ("é", 1), ("日", 1)].map { piece, kind in
      field(1, field(1, Array(piece.utf8)) + [2 << 3 | 5, 0, 0, 0, 0, 3 << 3, kind])
    }
    let normalizer = field(2, rules(replacing: byte)) + [3 << 3, 0, 4 << 3, 0, 5 << 3, 0]
    let file = pieces.flatMap(\.self) + field(2, [3 << 3, 1]) + field(3, normalizer)
    let definition = try SubwordDefinition(source: file, file: "t.model")
    let runner = SubwordEncode(definition: definition).makeRunner(RunContext())
    var encoder = runner
    return try encoder.consume(TextChunk([text])).ids
  }

  @Test func aRuleForPartOfACharacterIsNone() throws {
    #expect(try ids("z", replacing: UInt8(ascii: "z")) == ids("x", replacing: 0x01))
    for text in ["é", "zé", "éz", "日", "日z日", "é日é"] {
      let plain = try ids(text, replacing: 0x01)
      for byte in [UInt8(0xC3), 0xE6, 0xA9, 0x97] {
        #expect(try ids(text, replacing: byte) == plain, "\(text), \(byte)")
      }
    }
  }
}
