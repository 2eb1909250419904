import CKernels
import Testing

@Suite struct VectorKernelTests {
  private let counts = [0, 1, 3, 15, 16, 17, 33, 100]

  @Test func sumsAndScalesMatchDefinition() {
    onEveryInstructionSet { _ in
      for count in counts {
        var numbers = TestNumbers(seed: count)
        let (x, y) = (numbers.array(count), numbers.array(count))
        var sum = y
        seq_add(count, x, &sum)
        #expect(sum == zip(x, y).map { $0 + $1 })
        var axpy = y
        seq_axpy(count, -1.75, x, &axpy)
        expectClose(axpy, zip(x, y).map { -1.75 * Double($0) + Double($1) }, tolerance: 1e-6)
        var scaled = x
        seq_scale(count, 3, &scaled)
        #expect(scaled == x.map { 3 * $0 })
      }
    }
  }

  @Test func sumOfSquaresIsAddedInDouble() {
    onEveryInstructionSet { _ in
      for count in counts {
        var numbers = TestNumbers(seed: count)
        let x = numbers.array(count)
        let expected = x.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(abs(seq_sum_squares(count, x) - expected) <= 1e-14 * (1 + expected))
      }
      // 1 would vanish beside 1e10 in float.
      #expect(seq_sum_squares(2, [1e5, 1]) == Double(Float(1e5)) * Double(Float(1e5)) + 1)
      #expect(seq_sum_squares(3, [1, .nan, 1]).isNaN)
    }
  }

  @Test func rowsAreAddedInOrder() {
    onEveryInstructionSet { _ in
      for (n, k) in [(0, 3), (1, 1), (3, 17), (17, 33)] {
        var numbers = TestNumbers(seed: n)
        let ldx = k + 2
        let x = numbers.array(n * ldx)
        let start = numbers.array(k)
        var y = start
        seq_add_rows(Int32(n), Int32(k), x, Int32(ldx), &y)
        let expected = (0..<k).map { column in
          (0..<n).reduce(start[column]) { $0 + x[$1 * ldx + column] }
        }
        #expect(y == expected)
      }
    }
  }

  @Test func gatherCopiesRowsAndZeroesNegativeIDs() {
    onEveryInstructionSet { _ in
      let (rows, k, ldt, ldo) = (5, 17, 19, 20)
      var numbers = TestNumbers(seed: 1)
      let table = numbers.array(rows * ldt)
      let ids: [Int32] = [4, -1, 0, 4]
      var out = [Float](repeating: 9, count: ids.count * ldo)
      seq_gather_rows(Int32(ids.count), Int32(k), table, Int32(ldt), ids, &out, Int32(ldo))
      for (row, id) in ids.enumerated() {
        let zeros = [Float](repeating: 0, count: k)
        let expected = id < 0 ? zeros : Array(table[Int(id) * ldt..<Int(id) * ldt + k])
        #expect(Array(out[row * ldo..<row * ldo + k]) == expected)
        #expect(out[row * ldo + k..<(row + 1) * ldo].allSatisfy { $0 == 9 })
      }
    }
  }

  @Test func scatterAddsInOrderAndSkipsNegativeIDs() {
    onEveryInstructionSet { _ in
      let (k, ldr, ldt) = (33, 34, 35)
      var numbers = TestNumbers(seed: 2)
      let ids: [Int32] = [2, 0, -1, 2, 2]
      let rows = numbers.array(ids.count * ldr)
      let before = numbers.array(3 * ldt)
      var table = before
      seq_scatter_add_rows(Int32(ids.count), Int32(k), rows, Int32(ldr), ids, &table, Int32(ldt))
      var expected = before
      for (row, id) in ids.enumerated() where id >= 0 {
        for column in 0..<k { expected[Int(id) * ldt + column] += rows[row * ldr + column] }
      }
      #expect(table == expected)
    }
  }
}
