/// SentencePiece's compiled rules of normalisation (`precompiled_charsmap`): a double array in the
/// format of darts-clone over the sources, and the replacements one after the other, each ended by
/// NUL.
struct CharacterMap: Sendable {
  private let units: [UInt32]
  private let replacements: [UInt8]
  /// Whether each byte value stays as it is where an ASCII character or nothing follows: it is ASCII
  /// and no rule begins with it and goes on in ASCII.
  let isPlain: [Bool]
  /// What no rule changes, so that it is known without a search.
  let unchanged: UnchangedScalars

  /// - Throws: `TokenizeError.malformedResource` where the parts do not fit together.
  init(_ bytes: [UInt8], resource: String) throws {
    var reader = ByteReader(bytes, resource: resource)
    let size = Int(try reader.uint32())
    guard size % 4 == 0, size <= reader.remaining, size > 0 else {
      throw reader.error("the size of the rules' trie is wrong")
    }
    var units: [UInt32] = []
    units.reserveCapacity(size / 4)
    for _ in 0..<size / 4 { units.append(try reader.uint32()) }
    self.units = units
    replacements = try reader.withBytes(reader.remaining) { Array($0) }
    guard replacements.withUnsafeBufferPointer(UTF8Check.isWellFormed) else {
      throw reader.error("the replacements are not UTF-8")
    }
    isPlain = (0...255).map { Self.isPlain($0, units) }
    unchanged = UnchangedScalars(CharacterMapNodes(units: units))
  }

  private static func isPlain(_ byte: UInt32, _ units: [UInt32]) -> Bool {
    guard byte < 0x80 else { return false }
    let node = Int(offset(units[0]) ^ byte)
    guard byte > 0, node < units.count, label(units[node]) == byte else { return true }
    if units[node] >> 8 & 1 == 1 { return false }
    let base = UInt32(node) ^ offset(units[node])
    return (1..<0x80).allSatisfy { (next: UInt32) in
      let child = Int(base ^ next)
      return child >= units.count || label(units[child]) != next
    }
  }

  /// The replacement of the longest rule at `start`, and how many bytes it replaces.
  func longestMatch(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (replacement: Range<Int>, length: Int)? {
    var best: (place: Int, length: Int)?
    search(text, start..<text.count) { place, length in
      best = (place, length)
      return true
    }
    return best.map { (replacement(at: $0.place), $0.length) }
  }

  /// The replacement of the shortest rule that `text[range]` begins with. It is this one that Hugging
  /// Face's library puts in the place of the whole range.
  func shortestMatch(
    in text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Range<Int>? {
    var best: Int?
    search(text, range) { place, _ in
      best = place
      return false
    }
    return best.map(replacement(at:))
  }

  /// The bytes of a replacement.
  subscript(range: Range<Int>) -> ArraySlice<UInt8> { replacements[range] }

  /// Calls `body` with the place and length of every rule that the text begins with, the short ones
  /// first, until it says false. A rule that ends within a scalar, as only a hostile file has it, is
  /// none: what is left of the scalar would be no text.
  private func search(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ body: (Int, Int) -> Bool
  ) {
    var node = Int(Self.offset(units[0]))
    for i in range {
      node ^= Int(text[i])
      guard text[i] != 0, node < units.count else { return }
      let unit = units[node]
      guard Self.label(unit) == UInt32(text[i]) else { return }
      node ^= Int(Self.offset(unit))
      guard node < units.count else { return }
      let endsScalar = i + 1 == text.count || text[i + 1] & 0xC0 != 0x80
      if unit >> 8 & 1 == 1, endsScalar,
        !body(Int(units[node] & 0x7FFF_FFFF), i + 1 - range.lowerBound)
      {
        return
      }
    }
  }

  private func replacement(at place: Int) -> Range<Int> {
    guard place < replacements.count else { return replacements.count..<replacements.count }
    var end = place
    while end < replacements.count, replacements[end] != 0 { end += 1 }
    return place..<end
  }

  fileprivate static func label(_ unit: UInt32) -> UInt32 { unit & (1 << 31 | 0xFF) }
  fileprivate static func offset(_ unit: UInt32) -> UInt32 {
    (unit >> 10) << ((unit & 1 << 9) >> 6)
  }
}

/// Walks over the nodes of a character map.
struct CharacterMapNodes {
  fileprivate let units: [UInt32]

  /// The place from which the children of the root are found.
  var root: Int { Int(CharacterMap.offset(units[0])) }

  /// What follows `byte` at the place `base`: whether a rule ends there, and the place from which its
  /// children are found.
  func child(of base: Int, by byte: UInt8) -> (endsRule: Bool, base: Int)? {
    let node = base ^ Int(byte)
    guard byte != 0, node < units.count, CharacterMap.label(units[node]) == UInt32(byte) else {
      return nil
    }
    return (units[node] >> 8 & 1 == 1, node ^ Int(CharacterMap.offset(units[node])))
  }
}
