import CKernels
import Testing

/// Products with weights of fewer bits, against the rounding written out and sums in whole numbers.
@Suite struct ReducedProductKernelTests {
  private let shapes = [
    (1, 1, 1), (2, 3, 17), (3, 17, 3), (5, 32, 5), (6, 33, 64), (7, 130, 7), (13, 97, 33),
    (20, 300, 20),
  ]

  /// Half of the numbers lie halfway between two of bf16, where the even one is taken.
  @Test func bf16IsTheNearestUpperHalf() {
    onEveryInstructionSet { _ in
      var numbers = TestNumbers(seed: 3)
      var floats = numbers.array(100, scale: 10)
      floats += floats.map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000 | 0x8000) }
      floats += [0, -0, .infinity, -.infinity, .nan]
      floats += [.greatestFiniteMagnitude, .leastNonzeroMagnitude]
      var halves = [UInt16](repeating: 0, count: floats.count)
      seq_round_bf16(floats.count, floats, &halves)
      for (x, half) in zip(floats, halves) {
        let y = Float(bitPattern: UInt32(half) << 16)
        guard x.isFinite, abs(x) < 3.39e38 else {
          #expect(x.isNaN ? y.isNaN : y == (x > 0 ? .infinity : -.infinity))
          continue
        }
        let below = Float(bitPattern: x.bitPattern & 0xFFFF_0000)
        let above = Float(bitPattern: below.bitPattern &+ 0x1_0000)
        let (down, up) = (abs(Double(x) - Double(below)), abs(Double(above) - Double(x)))
        let isEven = below.bitPattern & 0x1_0000 == 0
        #expect(y == (down < up || down == up && isEven ? below : above), "\(x)")
      }
    }
  }

  /// The same sums as with floats of those values.
  @Test func bf16ProductHasTheBitsOfTheFloatProduct() {
    onEveryInstructionSet { set in
      for (m, n, k) in shapes {
        var numbers = TestNumbers(seed: n)
        let (a, bias) = (numbers.array(m * k), numbers.array(n))
        var packed = [Float](repeating: 0, count: seq_packed_count(Int32(n), Int32(k)))
        seq_pack(false, Int32(n), Int32(k), numbers.array(n * k), Int32(k), &packed)
        var halves = [UInt16](repeating: 0, count: packed.count)
        seq_round_bf16(packed.count, packed, &halves)
        let rounded = halves.map { Float(bitPattern: UInt32($0) << 16) }
        var (c, expected) = (bias.repeated(m), bias.repeated(m))
        for accumulate in [false, true] {
          seq_gemm_bf16(
            Int32(m), Int32(n), Int32(k), a, Int32(k), halves, bias, accumulate, &c, Int32(n))
          seq_gemm_packed(
            Int32(m), Int32(n), Int32(k), a, Int32(k), rounded, bias, accumulate, &expected,
            Int32(n))
          #expect(c.bits == expected.bits, "set \(set.rawValue), \(m)x\(n)x\(k)")
        }
      }
    }
  }

  @Test(arguments: [false, true])
  func int8ProductIsThatOfTheRoundedNumbers(transposed: Bool) {
    onEveryInstructionSet { set in
      for (m, n, k) in shapes {
        var numbers = TestNumbers(seed: m + n)
        let (lda, ldw, ldc) = (k + 1, (transposed ? n : k) + 2, n + 3)
        let a = numbers.array(m * lda, scale: 3)
        let w = numbers.array((transposed ? k : n) * ldw, scale: 0.2)
        let bias = numbers.array(n)
        let before = numbers.array(m * ldc)
        let rows = (0..<m).map { row in Rounded((0..<k).map { a[row * lda + $0] }) }
        let weights = (0..<n).map { j in
          Rounded((0..<k).map { transposed ? w[$0 * ldw + j] : w[j * ldw + $0] })
        }
        for accumulate in [false, true] {
          var c = before
          product(transposed, m, n, k, a, lda, w, ldw, bias, accumulate, &c, ldc)
          let expected = (0..<m).flatMap { row in
            (0..<n).map { j in
              rows[row].product(weights[j])
                + Double(accumulate ? before[row * ldc + j] : bias[j])
            }
          }
          expectClose(
            (0..<m).flatMap { c[$0 * ldc..<$0 * ldc + n] }, expected, tolerance: 1e-6,
            "set \(set.rawValue), \(m)x\(n)x\(k)")
          let outside = c.indices.filter { $0 % ldc >= n }
          #expect(outside.map { c[$0] } == outside.map { before[$0] })
        }
      }
    }
  }

  /// At the limits every product is 127 x 127 and no sum may overflow or saturate.
  @Test func int8SumsAreExactAtTheLimits() {
    onEveryInstructionSet { set in
      let k = Int(SEQ_INT8_MAX_INPUTS)
      for sign: Float in [1, -1] {
        let (a, w) = ([Float](repeating: 127, count: k), [Float](repeating: 127 * sign, count: k))
        var c: [Float] = [0]
        product(false, 1, 1, k, a, k, w, k, [0], false, &c, 1)
        #expect(c[0] == 127 * 127 * sign * Float(k), "set \(set.rawValue)")
      }
    }
  }

  @Test func aRowDoesNotDependOnTheOthers() {
    onEveryInstructionSet { set in
      let (n, k) = (70, 37)
      var numbers = TestNumbers(seed: 4)
      let (a, w, bias) = (numbers.array(20 * k), numbers.array(n * k), numbers.array(n))
      var together = [Float](repeating: 0, count: 20 * n)
      product(false, 20, n, k, a, k, w, k, bias, false, &together, n)
      for row in 0..<20 {
        var alone = [Float](repeating: 0, count: n)
        product(false, 1, n, k, Array(a[row * k..<row * k + k]), k, w, k, bias, false, &alone, n)
        #expect(alone.bits == Array(together[row * n..<row * n + n]).bits, "set \(set.rawValue)")
      }
    }
  }

  /// What is not a number stays none, in its own row or column; zeros give the bias.
  @Test func zerosAndNumbersThatAreNone() {
    onEveryInstructionSet { _ in
      for hostile in [Float.nan, .infinity, -.infinity] {
        var c = [Float](repeating: 0, count: 4)
        product(
          false, 2, 2, 3, [0, 0, 0, 1, 2, 3], 3, [1, hostile, 1, 0, 0, 0], 3, [5, 6], false, &c, 2)
        #expect(c[0].isNaN && c[1] == 6 && c[2].isNaN && c[3] == 6)
        product(
          false, 2, 2, 3, [0, hostile, 0, 1, 1, 1], 3, [1, 1, 1, 0, 0, 0], 3, [5, 6], false, &c, 2)
        #expect(!c[0].isFinite && abs(c[2] - 8) < 1e-5 && c[3] == 6)
      }
    }
  }

  private func product(
    _ transposed: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: [Float], _ lda: Int, _ w: [Float],
    _ ldw: Int, _ bias: [Float], _ accumulate: Bool, _ c: inout [Float], _ ldc: Int
  ) {
    var packed = [Int8](repeating: 99, count: seq_int8_count(Int32(n), Int32(k)))
    var scales = [Float](repeating: 0, count: n)
    var sums = [Int32](repeating: 0, count: n)
    seq_pack_int8(transposed, Int32(n), Int32(k), w, Int32(ldw), &packed, &scales, &sums)
    var rows = [UInt8](repeating: 99, count: seq_quantized_rows_bytes(Int32(m), Int32(k)))
    var rowScales = [Float](repeating: 0, count: m)
    seq_quantize_rows(Int32(m), Int32(k), a, Int32(lda), &rows, &rowScales)
    seq_gemm_int8(
      Int32(m), Int32(n), Int32(k), rows, rowScales, packed, scales, sums, bias, accumulate, &c,
      Int32(ldc))
  }

  /// Numbers as scale times integers of -127...127.
  private struct Rounded {
    let scale: Double
    let integers: [Int]

    init(_ numbers: [Float]) {
      let largest = numbers.reduce(0) { max($0, abs($1)) }
      let factor = 127 / largest
      scale = Double(largest) / 127
      integers = numbers.map { Int(($0 * factor).rounded(.toNearestOrEven)) }
    }

    func product(_ other: Rounded) -> Double {
      scale * other.scale
        * Double(zip(integers, other.integers).reduce(0) { $0 + $1.0 * $1.1 })
    }
  }
}

extension [Float] {
  fileprivate func repeated(_ count: Int) -> [Float] { (0..<count).flatMap { _ in self } }
}
