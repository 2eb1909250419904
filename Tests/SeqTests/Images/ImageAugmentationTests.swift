import Seq
import Testing

@Suite struct ImageAugmentationTests {
  private func moved(
    _ change: (inout ImageAugmentation) -> Void, _ x: Tensor<Float>, seed: UInt64 = 1
  ) -> Tensor<Float> {
    var augmentation = ImageAugmentation.none
    change(&augmentation)
    var (x, random) = (x, RandomGenerator(seed: seed))
    augmentation.apply(to: &x, using: &random)
    return x
  }

  @Test func noneChangesNothing() {
    let x: Tensor<Float> = Samples.uniform([2, 3, 5, 4], seed: 1)
    #expect(moved({ _ in }, x) == x)
  }

  /// A slope, moved, is a slope; so the shift can be read off, and is at most what was asked for.
  @Test func shiftsAreAtMostAsLargeAsAskedFor() {
    let slope = Tensor<Float>([1, 1, 9, 9], (0..<81).map { Float($0 % 9) })
    var shifts: Set<Float> = []
    for seed: UInt64 in 1...20 {
      let y = moved({ $0.shift = 2 }, slope, seed: seed)
      let shift = y.values[4 * 9 + 4] - 4
      #expect(abs(shift) <= 2)
      for j in 3...5 { #expect(abs(y.values[2 * 9 + j] - Float(j) - shift) < 1e-5) }
      shifts.insert(shift)
    }
    #expect(shifts.count == 20 && (shifts.max() ?? 0) > 1 && (shifts.min() ?? 0) < -1)
  }

  /// The centre stays where it is, and what is one colour stays one colour.
  @Test func turnsAndZoomsKeepTheCentre() {
    let x: Tensor<Float> = Samples.uniform([1, 1, 7, 7], seed: 3)
    for seed: UInt64 in 1...10 {
      let y = moved({ ($0.rotation, $0.zoom) = (40, 0.3) }, x, seed: seed)
      #expect(abs(y.values[24] - x.values[24]) < 1e-5)
      #expect(y != x)
      let flat = Tensor<Float>([1, 2, 4, 6], [Float](repeating: 0.25, count: 48))
      #expect(moved({ ($0.rotation, $0.zoom, $0.shift) = (90, 0.5, 9) }, flat) == flat)
    }
  }

  @Test func optionsWithoutMeaningAreRefused() {
    for change: (inout ImageAugmentation) -> Void in [
      { $0.shift = -1 }, { $0.rotation = 181 }, { $0.zoom = 1 }, { $0.zoom = .nan },
    ] {
      var augmentation = ImageAugmentation()
      change(&augmentation)
      #expect(throws: SeqError.self) { try augmentation.validate() }
    }
  }
}
