/// The bytes of an input. Choices are taken from its end, so that an input for a file format is a
/// file of that format with some bytes behind.
struct ByteSource {
  private(set) var rest: ArraySlice<UInt8>

  init(_ input: [UInt8]) { rest = input[...] }

  /// The next choice; 0 where none is left.
  mutating func byte() -> Int { Int(rest.popLast() ?? 0) }

  mutating func flag() -> Bool { byte() & 1 == 1 }

  /// A choice of 1 to `limit`, at most 65,536.
  mutating func size(upTo limit: Int) -> Int { 1 + (byte() << 8 | byte()) % limit }

  mutating func choice<Element>(of elements: [Element]) -> Element {
    elements[byte() % elements.count]
  }
}

/// Random numbers for a mutation, from the seed that libFuzzer gives (SplitMix64).
struct MutationRandom {
  private var state: UInt64

  init(seed: UInt32) { state = UInt64(seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }

  mutating func choice<Element>(of elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}
