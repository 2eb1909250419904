import CKernels
import Testing

@Suite struct MatrixProductKernelTests {
  /// C = alpha op(A) op(B) + beta C in Double.
  private func reference(
    _ shape: (m: Int, n: Int, k: Int), alpha: Double = 1, beta: Double = 0,
    a: (Int, Int) -> Double, b: (Int, Int) -> Double, c: (Int, Int) -> Double
  ) -> [Double] {
    (0..<shape.m).flatMap { i in
      (0..<shape.n).map { j in
        let sum = (0..<shape.k).reduce(0.0) { $0 + a(i, $1) * b($1, j) }
        return alpha * sum + (beta == 0 ? 0 : beta * c(i, j))
      }
    }
  }

  @Test func blasIsFound() {
    #expect(seq_has_blas())
  }

  @Test(arguments: [(false, false), (false, true), (true, false), (true, true)], [false, true])
  func productMatchesDefinition(transpose: (a: Bool, b: Bool), byBLAS: Bool) {
    let gemm = byBLAS ? seq_gemm : seq_gemm_without_blas
    let (transposeA, transposeB) = transpose
    for (m, n, k) in [
      (1, 1, 1), (3, 17, 33), (17, 1, 5), (33, 65, 20), (2, 3, 0), (1, 130, 67), (1, 3, 0),
    ] {
      var numbers = TestNumbers(seed: m * 100 + n)
      let (lda, ldb, ldc) = ((transposeA ? m : k) + 2, (transposeB ? k : n) + 1, n + 3)
      let a = numbers.array((transposeA ? k : m) * lda)
      let b = numbers.array((transposeB ? n : k) * ldb)
      let before = numbers.array(m * ldc)
      for beta in [Float(0), 0.5] {
        var c = before
        gemm(
          transposeA, transposeB, Int32(m), Int32(n), Int32(k), 1.5, a, Int32(lda), b, Int32(ldb),
          beta, &c, Int32(ldc))
        let expected = reference(
          (m, n, k), alpha: 1.5, beta: Double(beta),
          a: { transposeA ? a.at($1, $0, stride: lda) : a.at($0, $1, stride: lda) },
          b: { transposeB ? b.at($1, $0, stride: ldb) : b.at($0, $1, stride: ldb) },
          c: { before.at($0, $1, stride: ldc) })
        expectClose(compact(c, m, n, stride: ldc), expected, tolerance: 1e-5)
        expectUntouched(c, before, columns: n, stride: ldc)
      }
    }
  }

  @Test(arguments: [false, true])
  func sumOfOuterProductsMatchesDefinition(accumulate: Bool) {
    onEveryInstructionSet { set in
      for (m, n, k) in [
        (1, 1, 1), (5, 31, 3), (6, 16, 8), (7, 33, 11), (48, 64, 9), (50, 70, 384), (97, 130, 193),
        (20, 17, 1000), (3, 5, 0), (4, 0, 6),
      ] {
        var numbers = TestNumbers(seed: m * 100 + n)
        let (lda, ldb, ldc) = (m + 2, n + 1, n + 3)
        let (a, b) = (numbers.array(k * lda), numbers.array(k * ldb))
        let before = numbers.array(m * ldc)
        var c = before
        if !accumulate { for i in 0..<m { for j in 0..<n { c[i * ldc + j] = .nan } } }
        var scratch = [Float](repeating: .nan, count: seq_outer_scratch(Int32(n), Int32(k)))
        seq_outer(
          Int32(m), Int32(n), Int32(k), a, Int32(lda), b, Int32(ldb), accumulate, &c, Int32(ldc),
          &scratch)
        let expected = reference(
          (m, n, k), beta: accumulate ? 1 : 0, a: { a.at($1, $0, stride: lda) },
          b: { b.at($0, $1, stride: ldb) }, c: { before.at($0, $1, stride: ldc) })
        expectClose(
          compact(c, m, n, stride: ldc), expected, tolerance: 5e-5,
          "set \(set.rawValue), \(m)x\(n)x\(k)")
        expectUntouched(c, before, columns: n, stride: ldc)
      }
    }
  }

  /// An element is one chain of multiply-adds: where a matrix is cut for threads, and where a tile ends, changes
  /// no bit.
  @Test func partsOfASumOfOuterProductsGiveTheBitsOfTheWhole() {
    onEveryInstructionSet { set in
      let (m, n, k) = (Int32(61), Int32(37), Int32(800))
      var numbers = TestNumbers(seed: 7)
      let (a, b) = (numbers.array(Int(k * m)), numbers.array(Int(k * n)))
      let before = numbers.array(Int(m * n))
      var scratch = [Float](repeating: .nan, count: seq_outer_scratch(n, k))
      var whole = before
      seq_outer(m, n, k, a, m, b, n, true, &whole, n, &scratch)
      var parts = before
      parts.withUnsafeMutableBufferPointer { c in
        a.withUnsafeBufferPointer { a in
          for (first, count) in [(0, 5), (5, 20), (25, 36)] as [(Int32, Int32)] {
            seq_outer(
              count, n, k, a.baseAddress.map { $0 + Int(first) }, m, b, n, true,
              c.baseAddress.map { $0 + Int(first * n) }, n, &scratch)
          }
        }
      }
      #expect(parts == whole, "set \(set.rawValue)")
    }
  }

  @Test(arguments: [false, true], [false, true])
  func oneRowMatchesDefinition(transposed: Bool, accumulate: Bool) {
    onEveryInstructionSet { set in
      for (n, k) in [
        (1, 1), (3, 7), (4, 16), (5, 33), (64, 3), (67, 130), (130, 67), (6, 0), (512, 128),
      ] {
        var numbers = TestNumbers(seed: n * 100 + k)
        let ldw = (transposed ? n : k) + 3
        let x = numbers.array(k)
        let w = numbers.array((transposed ? k : n) * ldw)
        let before = numbers.array(n + 1)
        var y = before
        if !accumulate { for j in 0..<n { y[j] = .nan } }
        seq_gemv(transposed, Int32(n), Int32(k), x, w, Int32(ldw), accumulate, &y)
        let expected = reference(
          (1, n, k), beta: accumulate ? 1 : 0, a: { x.at($0, $1, stride: k) },
          b: { transposed ? w.at($0, $1, stride: ldw) : w.at($1, $0, stride: ldw) },
          c: { before.at($0, $1, stride: n) })
        expectClose(Array(y[..<n]), expected, tolerance: 2e-5, "set \(set.rawValue), \(n)x\(k)")
        #expect(y[n] == before[n])
      }
    }
  }

  /// Whoever computes which part, the bits are those of the product that is not shared.
  @Test(arguments: [(1, 512, 128), (1, 100, 700), (10, 130, 67), (3, 96, 640), (1, 5, 3)])
  func partsOfASharedProductGiveTheBitsOfTheWhole(_ shape: (m: Int, n: Int, k: Int)) {
    onEveryInstructionSet { set in
      let (m, n, k) = (shape.m, shape.n, shape.k)
      var numbers = TestNumbers(seed: n)
      let (a, w) = (numbers.array(m * k), numbers.array(n * k))
      let (bias, before) = (numbers.array(n), numbers.array(m * n))
      for form in [false, true] {
        let packed = pack(form, n, k, w, ldw: form ? n : k)
        for isPacked in m == 1 ? [true, false] : [true] {
          var expected = before
          if isPacked {
            seq_gemm_packed(
              Int32(m), Int32(n), Int32(k), a, Int32(k), packed, bias, false, &expected, Int32(n))
          } else {
            seq_gemv(form, Int32(n), Int32(k), a, w, Int32(form ? n : k), true, &expected)
          }
          // The helper alone, both, and the one that waits alone.
          for parts in [Int32.max, 1, 0] {
            var c = before
            c.withUnsafeMutableBufferPointer { c in
              a.withUnsafeBufferPointer { a in
                (isPacked ? packed : w).withUnsafeBufferPointer { w in
                  bias.withUnsafeBufferPointer { bias in
                    guard let c = c.baseAddress else { return }
                    var product = seq_shared_product(
                      m: Int32(m), n: Int32(n), k: Int32(k), a: a.baseAddress, lda: Int32(k),
                      w: w.baseAddress, ldw: isPacked ? 0 : Int32(form ? n : k), transposed: form,
                      bias: isPacked ? bias.baseAddress : nil, accumulate: !isPacked, c: c,
                      ldc: Int32(n), begun: 0, begun_by_helpers: 0)
                    let all = seq_shared_product_parts(&product)
                    #expect(all >= 1 && all <= 4 && (Int(all) == 1) == (m * n * k < 1 << 16))
                    // As if the others had begun all parts but some.
                    product.begun = all - min(parts, all)
                    seq_shared_product_help(&product)
                    product.begun = min(parts, all)
                    seq_shared_product_run(&product)
                  }
                }
              }
            }
            #expect(c.bits == expected.bits, "set \(set.rawValue), packed \(isPacked), \(parts)")
          }
        }
      }
    }
  }

  @Test(arguments: [false, true])
  func packedProductMatchesDefinition(transposed: Bool) {
    onEveryInstructionSet { set in
      for m in [1, 2, 3, 5, 6, 7, 13, 40] {
        for (n, k) in [(1, 1), (3, 17), (17, 3), (32, 5), (33, 64), (130, 7), (97, 33), (300, 20)] {
          var numbers = TestNumbers(seed: m * 1000 + n)
          let (lda, ldw, ldc) = (k + 1, (transposed ? n : k) + 2, n + 3)
          let a = numbers.array(m * lda)
          let w = numbers.array((transposed ? k : n) * ldw)
          let bias = numbers.array(n)
          let before = numbers.array(m * ldc)
          let packed = pack(transposed, n, k, w, ldw: ldw)
          for (useBias, accumulate) in [(false, false), (true, false), (true, true)] {
            var c = before
            seq_gemm_packed(
              Int32(m), Int32(n), Int32(k), a, Int32(lda), packed, useBias ? bias : nil,
              accumulate, &c, Int32(ldc))
            let product = reference(
              (m, n, k), a: { a.at($0, $1, stride: lda) },
              b: { transposed ? w.at($0, $1, stride: ldw) : w.at($1, $0, stride: ldw) },
              c: { _, _ in 0 })
            let expected = product.indices.map { index in
              let (row, column) = (index / n, index % n)
              return product[index]
                + (accumulate
                  ? before.at(row, column, stride: ldc) : useBias ? Double(bias[column]) : 0)
            }
            expectClose(
              compact(c, m, n, stride: ldc), expected, tolerance: 1e-5,
              "set \(set.rawValue), \(m)x\(n)x\(k)")
            expectUntouched(c, before, columns: n, stride: ldc)
          }
        }
      }
    }
  }

  @Test func rowOfBatchHasBitsOfRowAlone() {
    onEveryInstructionSet { set in
      for (n, k) in [(100, 37), (128, 64), (19, 5)] {
        var numbers = TestNumbers(seed: n)
        let a = numbers.array(40 * k)
        let packed = pack(false, n, k, numbers.array(n * k), ldw: k)
        let bias = numbers.array(n)
        let alone = (0..<40).flatMap { row in
          product(1, n, k, Array(a[row * k..<(row + 1) * k]), packed, bias)
        }
        for m in 1...40 {
          let batch = product(m, n, k, a, packed, bias)
          #expect(batch.bits == Array(alone[..<(m * n)]).bits, "set \(set.rawValue), m \(m)")
        }
      }
    }
  }

  @Test func manyRowsCrossTheCacheBlock() {
    // 700 rows of 320 inputs do not fit in one block of rows.
    let (m, n, k) = (700, 33, 320)
    var numbers = TestNumbers(seed: 5)
    let a = numbers.array(m * k)
    let packed = pack(false, n, k, numbers.array(n * k), ldw: k)
    let bias = numbers.array(n)
    let together = product(m, n, k, a, packed, bias)
    let alone = (0..<m).flatMap { row in
      product(1, n, k, Array(a[row * k..<(row + 1) * k]), packed, bias)
    }
    #expect(together.bits == alone.bits)
  }

  @Test func resultDoesNotDependOnAlignment() {
    onEveryInstructionSet { _ in
      let (m, n, k) = (7, 70, 21)
      var numbers = TestNumbers(seed: 9)
      let a = numbers.array(m * k)
      let packed = pack(false, n, k, numbers.array(n * k), ldw: k)
      let bias = numbers.array(n)
      let expected = product(m, n, k, a, packed, bias)
      for shift in 1...16 {
        let padding = [Float](repeating: .nan, count: shift)
        let (shiftedA, shiftedPacked) = (padding + a, padding + packed)
        var c = [Float](repeating: 0, count: m * n + shift)
        shiftedA.withUnsafeBufferPointer { a in
          shiftedPacked.withUnsafeBufferPointer { packed in
            c.withUnsafeMutableBufferPointer { c in
              seq_gemm_packed(
                Int32(m), Int32(n), Int32(k), a.baseAddress.map { $0 + shift }, Int32(k),
                packed.baseAddress.map { $0 + shift }, bias, false,
                c.baseAddress.map { $0 + shift }, Int32(n))
            }
          }
        }
        #expect(Array(c[shift...]).bits == expected.bits)
      }
    }
  }

  /// Shards on other threads find their memory elsewhere.
  @Test(arguments: [false, true])
  func oneRowDoesNotDependOnAlignment(transposeB: Bool) {
    let (n, k) = (70, 45)
    var numbers = TestNumbers(seed: 9)
    let (a, b) = (numbers.array(k), numbers.array(n * k))
    let products = (0...16).map { shift in
      let padding = [Float](repeating: .nan, count: shift)
      let (shiftedA, shiftedB) = (padding + a, padding + b)
      var c = [Float](repeating: .nan, count: n + shift)
      shiftedA.withUnsafeBufferPointer { a in
        shiftedB.withUnsafeBufferPointer { b in
          c.withUnsafeMutableBufferPointer { c in
            seq_gemm(
              false, transposeB, 1, Int32(n), Int32(k), 1, a.baseAddress.map { $0 + shift },
              Int32(k), b.baseAddress.map { $0 + shift }, Int32(transposeB ? k : n), 0,
              c.baseAddress.map { $0 + shift }, Int32(n))
          }
        }
      }
      return Array(c[shift...]).bits
    }
    #expect(products.allSatisfy { $0 == products[0] })
    #expect(!products[0].contains(Float.nan.bitPattern))
  }

  @Test func emptySizesDoNothingOrGiveTheBias() {
    onEveryInstructionSet { _ in
      var c: [Float] = [7, 7, 7]
      seq_gemm_packed(0, 3, 2, [], 2, [Float](repeating: 1, count: 64), nil, false, &c, 3)
      #expect(c == [7, 7, 7])
      seq_gemm_packed(1, 3, 0, [], 0, [], [1, 2, 3], false, &c, 3)
      #expect(c == [1, 2, 3])
      let panel = seq_packed_count(1, 1)
      #expect([8, 16, 32].contains(panel))
      #expect(seq_packed_count(33, 5) == (33 + panel - 1) / panel * panel * 5)
      #expect(seq_packed_count(0, 5) == 0)
    }
  }

  private func pack(_ transposed: Bool, _ n: Int, _ k: Int, _ w: [Float], ldw: Int) -> [Float] {
    var packed = [Float](repeating: .nan, count: seq_packed_count(Int32(n), Int32(k)))
    seq_pack(transposed, Int32(n), Int32(k), w, Int32(ldw), &packed)
    return packed
  }

  private func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: [Float], _ packed: [Float], _ bias: [Float]
  ) -> [Float] {
    var c = [Float](repeating: .nan, count: m * n)
    seq_gemm_packed(
      Int32(m), Int32(n), Int32(k), a, Int32(k), packed, bias, false, &c, Int32(n))
    return c
  }

  private func compact(_ c: [Float], _ m: Int, _ n: Int, stride: Int) -> [Float] {
    (0..<m).flatMap { c[$0 * stride..<$0 * stride + n] }
  }

  private func expectUntouched(_ c: [Float], _ before: [Float], columns: Int, stride: Int) {
    let outside = c.indices.filter { $0 % stride >= columns }
    #expect(outside.map { c[$0] } == outside.map { before[$0] })
  }
}
