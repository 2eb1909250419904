/// xoshiro256++ (Blackman and Vigna, 2019), seeded through SplitMix64.
///
/// A generator is made from a seed and the numbers of a **stream** (say epoch, step, shard), so what
/// one part of the work draws never depends on what another part drew or on the thread it ran on.
public struct RandomGenerator: RandomNumberGenerator, Sendable, Hashable {
  private var state: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  public init(seed: UInt64, stream: UInt64...) {
    var mixer = SplitMix64(state: seed)
    for number in stream { mixer = SplitMix64(state: mixer.next() ^ number) }
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// A generator in the given state, not all zero.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

  public mutating func next() -> UInt64 {
    let sum = state.0 &+ state.3
    let result = (sum << 23 | sum >> 41) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = state.3 << 45 | state.3 >> 19
    return result
  }

  /// A number in [0, 1), with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A standard normal number (the polar method of Marsaglia and Bray, 1964).
  public mutating func normal() -> Double {
    while true {
      let (u, v) = (uniform(-1, 1), uniform(-1, 1))
      let square = u * u + v * v
      if square > 0, square < 1 { return u * (-2 * Double.log(square) / square).squareRoot() }
    }
  }

  public static func == (a: RandomGenerator, b: RandomGenerator) -> Bool { a.state == b.state }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(state.0)
    hasher.combine(state.1)
  }
}

/// The generator that seeds the other (Steele, Lea and Flood, 2014).
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
