import Seq
import Testing

@Suite struct InitializerTests {
  private func fill(
    _ initializer: Initializer, rows: Int, columns: Int, blocks: Int = 1, fanIn: Int? = nil
  ) -> [Double] {
    var random = RandomGenerator(seed: 6)
    return initializer.fill(
      rows: rows, columns: columns, blocks: blocks, fanIn: fanIn, using: &random)
  }

  private func products(_ vectors: [[Double]]) -> [Double] {
    vectors.flatMap { a in vectors.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
  }

  private func identity(_ size: Int) -> [Double] {
    (0..<size * size).map { $0 % (size + 1) == 0 ? 1 : 0 }
  }

  @Test(arguments: [(5, 8), (8, 5), (6, 6), (1, 1)])
  func orthogonalRowsOrColumns(rows: Int, columns: Int) {
    let values = fill(.orthogonal, rows: rows, columns: columns)
    let byRow = (0..<rows).map { r in (0..<columns).map { values[r * columns + $0] } }
    let byColumn = (0..<columns).map { c in (0..<rows).map { values[$0 * columns + c] } }
    let vectors = rows <= columns ? byRow : byColumn
    #expect(distance(products(vectors), identity(vectors.count)) < 1e-12)
  }

  @Test func eachGateIsOrthogonalByItself() {
    let values = fill(.orthogonal, rows: 12, columns: 4, blocks: 3)
    let blocks = (0..<3).map { b in
      (0..<4).map { r in (0..<4).map { values[(b * 4 + r) * 4 + $0] } }
    }
    for block in blocks { #expect(distance(products(block), identity(4)) < 1e-12) }
    #expect(blocks[0] != blocks[1])
  }

  @Test func identityInEachBlock() {
    #expect(fill(.identity, rows: 6, columns: 3, blocks: 2) == identity(3) + identity(3))
  }

  @Test func boundsAreKeptAndReached() {
    for (initializer, blocks, fanIn, bound) in [
      (Initializer.glorot, 1, nil, (6.0 / 90).squareRoot()),
      (.glorot, 4, nil, (6.0 / 45).squareRoot()),
      (.uniform, 1, nil, 1 / 30.0.squareRoot()), (.uniform, 4, 16, 0.25),
    ] as [(Initializer, Int, Int?, Double)] {
      let values = fill(initializer, rows: 60, columns: 30, blocks: blocks, fanIn: fanIn)
      #expect(values.count == 1800)
      let largest = values.reduce(0) { max($0, abs($1)) }
      #expect(largest <= bound && largest > 0.98 * bound)
      #expect(abs(values.reduce(0, +) / 1800) < 0.1 * bound)
    }
  }

  @Test func zerosAndNormal() {
    #expect(fill(.zeros, rows: 2, columns: 3) == [0, 0, 0, 0, 0, 0])
    let values = fill(.normal, rows: 100, columns: 100)
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 10_000 - 1) < 0.08)
  }
}
