import Seq
import Testing

@Suite struct RandomGeneratorTests {
  /// The first numbers from the state 1, 2, 3, 4 as the reference code in C gives them.
  @Test func equalsTheReference() {
    var random = RandomGenerator(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
      9_228_616_714_210_784_205, 9_973_669_472_204_895_162, 14_011_001_112_246_962_877,
      12_406_186_145_184_390_807, 15_849_039_046_786_891_736, 10_450_023_813_501_588_000,
    ]
    #expect(expected.map { _ in random.next() } == expected)
  }

  /// Seeding through SplitMix64, from the second implementation in `Goldens/make_goldens.py`.
  @Test(
    arguments: [
      (0, [0x5317_5d61_490b_23df, 0x61da_6f3d_c380_d507, 0x5c0f_df91_ec9a_7bfc]),
      (1, [0xcfc5_d07f_6f03_c29b, 0xbf42_4132_963f_e08d, 0x19a3_7d57_57aa_f520]),
      (1_234_567, [0x0610_e053_dd55_ab68, 0x70c9_79e2_6e27_fbac, 0xfb95_f99f_9f6b_b2de]),
    ] as [(UInt64, [UInt64])])
  func seedsThroughSplitMix64(seed: UInt64, expected: [UInt64]) {
    var random = RandomGenerator(seed: seed)
    for number in expected { #expect(random.next() == number) }
  }

  @Test func streamsDiffer() {
    let generators = [
      RandomGenerator(seed: 1), RandomGenerator(seed: 2), RandomGenerator(seed: 1, stream: 0),
      RandomGenerator(seed: 1, stream: 1), RandomGenerator(seed: 1, stream: 1, 0),
      RandomGenerator(seed: 1, stream: 0, 1),
    ]
    let firsts = generators.map { generator in
      var generator = generator
      return generator.next()
    }
    #expect(Set(firsts).count == firsts.count)
    #expect(RandomGenerator(seed: 1, stream: 3) == RandomGenerator(seed: 1, stream: 3))
    #expect(RandomGenerator(seed: 1, stream: 3) != RandomGenerator(seed: 1, stream: 4))
  }

  /// Mean 1/2 and variance 1/12 within five standard errors.
  @Test func uniformMoments() {
    var random = RandomGenerator(seed: 3)
    let count = 200_000
    let numbers = (0..<count).map { _ in random.uniform() }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    let mean = numbers.reduce(0, +) / Double(count)
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(abs(mean - 0.5) < 5 * 0.000_65)
    #expect(abs(variance - 1.0 / 12) < 5 * 0.000_17)
    #expect((0..<1000).allSatisfy { _ in (-3..<2).contains(random.uniform(-3, 2)) })
  }

  /// Mean 0, variance 1, fourth moment 3.
  @Test func normalMoments() {
    var random = RandomGenerator(seed: 4)
    let count = 200_000
    let numbers = (0..<count).map { _ in random.normal() }
    func moment(_ power: Int) -> Double {
      numbers.reduce(0) { sum, x in sum + (0..<power).reduce(1) { p, _ in p * x } } / Double(count)
    }
    #expect(abs(moment(1)) < 0.012)
    #expect(abs(moment(2) - 1) < 0.016)
    #expect(abs(moment(3)) < 0.045)
    #expect(abs(moment(4) - 3) < 0.11)
  }
}
