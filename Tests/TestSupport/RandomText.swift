/// Random text with a known seed (SplitMix64), rich in what normalisation and segmentation find
/// hard.
public struct RandomText: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Blocks that texts are drawn from: each text keeps to a few, as real text does.
  private static let blocks: [[ClosedRange<UInt32>]] = [
    [0x20...0x7E], [0x00...0x7F], [0x41...0x7A], [0xC0...0x17F], [0x80...0x24F],
    [0x300...0x36F, 0x41...0x5A],
    [0xF71...0xF75, 0x300...0x345, 0x61...0x63], [0x1100...0x11FF, 0xAC00...0xAC20],
    [0x370...0x4FF], [0x3B1...0x3C9, 0x3A3...0x3A3, 0x27...0x2E], [0x590...0x6FF],
    [0x900...0x9FF], [0xE00...0xEFF], [0xF00...0xFFF], [0x1E00...0x1FFF], [0x2000...0x206F],
    [0x2100...0x218F], [0x3040...0x30FF], [0x4E00...0x9FFF], [0xF900...0xFAFF],
    [0xFB00...0xFDFF], [0xFE00...0xFFFD], [0xFF9E...0xFF9F, 0x334...0x334, 0x3099...0x309A],
    [0x1D400...0x1D7FF], [0x1F1E6...0x1F1FF, 0x1F300...0x1F64F, 0x200D...0x200D, 0xFE0F...0xFE0F],
    [0x1F468...0x1F469, 0x200D...0x200D, 0x1F3FB...0x1F3FF], [0x11100...0x11147],
    [0x2F800...0x2FA1D], [0x00...0xD7FF], [0xE000...0x10FFFF],
    [0x9...0xD, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x2028...0x202F, 0x41...0x43],
  ]

  /// A text of 0 to `length` scalars.
  public mutating func text(length: Int) -> String {
    let chosen = (0...Int.random(in: 0...1, using: &self)).map { _ in
      Self.blocks[Int.random(in: 0..<Self.blocks.count, using: &self)]
    }
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...length, using: &self) {
      let block = chosen[Int.random(in: 0..<chosen.count, using: &self)]
      let range = block[Int.random(in: 0..<block.count, using: &self)]
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { text.append(scalar) }
    }
    return String(text)
  }

  /// `count` texts.
  public mutating func texts(_ count: Int, length: Int = 40) -> [String] {
    (0..<count).map { _ in text(length: length) }
  }

  /// An ASCII text of 0 to `length` characters of `alphabet`.
  public mutating func ascii(_ alphabet: String, length: Int) -> [UInt8] {
    let letters = Array(alphabet.utf8)
    return (0..<Int.random(in: 0...length, using: &self)).map { _ in
      letters[Int.random(in: 0..<letters.count, using: &self)]
    }
  }
}
