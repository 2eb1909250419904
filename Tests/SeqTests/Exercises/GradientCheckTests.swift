import Seq
import Testing

@Suite struct GradientCheckTests {
  @Test(arguments: [1, 2] as [UInt64])
  func everyPieceIsCheckedAndRight(seed: UInt64) throws {
    var told: [String] = []
    let rows = try GradientCheck.run(seed: seed) { told.append($0.name) }
    #expect(told == rows.map(\.name))
    #expect(Set(told).count == told.count)
    #expect(try told == LayerCase.all.map(\.name))
    for cell in Cells.all {
      #expect(told.count { $0.hasPrefix(cell.name + " ") } >= 20, "\(cell.name)")
    }
    for row in rows {
      #expect(row.error <= 1e-6 && row.count > 0 && row.largestGradient > 1e-3, "\(row)")
    }
    #expect(rows.reduce(0) { $0 + $1.count } > 20_000)
  }
}
