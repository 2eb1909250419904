import Seq
import Testing

@Suite struct GradientFlowTests {
  private func points(
    _ cell: String, gain: Double, clip: Double = 1, lengths: [Int] = [1, 2, 5, 10, 50]
  ) throws -> [GradientFlow.Point] {
    var flow = GradientFlow(cell: cell)
    (flow.gain, flow.clipNorm) = (gain, clip)
    return try flow.points(lengths: lengths)
  }

  /// ‖∂L/∂h_0‖ of one sequence is at most g^T / N, as neither tanh nor ReLU is steeper than 1.
  @Test(arguments: ["rnn", "rnn-relu"], [0.5, 1, 1.3])
  func staysBelowTheProductOfSingularValues(cell: String, gain: Double) throws {
    for point in try points(cell, gain: gain) {
      var bound = 1.0 / 8 / 32.0.squareRoot()
      for _ in 0..<point.length { bound *= gain }
      #expect(point.state > 0 && point.state <= bound * (1 + 1e-12), "\(point)")
    }
  }

  @Test func smallGainsVanishAndLargeOnesExplode() throws {
    for cell in ["rnn", "rnn-relu"] {
      let small = try points(cell, gain: 0.9, lengths: [1, 100])
      #expect(small[1].state < 1e-6 * small[0].state)
      let large = try points(cell, gain: 2.5, lengths: [1, 100])
      #expect(large[1].state > 1e6 * large[0].state)
    }
    let open = try points("lstm", gain: 0.9, lengths: [100])[0].state
    #expect(open > 1e3 * (try points("rnn", gain: 0.9, lengths: [100])[0].state))
  }

  /// The state before the first step is zero, so one step tells nothing of W_hh.
  @Test func oneStepHasNoGradientOfTheRecurrentWeights() throws {
    for cell in Cells.all {
      #expect(try points(cell.name, gain: 1, lengths: [1])[0].weights == 0)
    }
  }

  @Test func clippingLimitsTheNormAndNothingElse() throws {
    for cell in ["rnn", "rnn-relu", "lstm"] {
      for point in try points(cell, gain: 2.5, lengths: [2, 50]) {
        // The mean of H² numbers of a vector whose norm is at most 1.
        #expect(point.clipped <= 1.0 / 32 && point.clipped <= point.weights)
      }
      #expect(try points(cell, gain: 1, clip: 1e30).allSatisfy { $0.clipped == $0.weights })
      #expect(try points(cell, gain: 1, clip: 0).allSatisfy { $0.clipped == $0.weights })
    }
  }

  @Test func theSeedDecidesAll() throws {
    let first = try points("gru", gain: 1)
    #expect(try points("gru", gain: 1) == first)
    var flow = GradientFlow(cell: "gru")
    flow.seed = 2
    #expect(try flow.points(lengths: [1, 2, 5, 10, 50]) != first)
  }

  @Test func whatHasNoMeaningIsRefused() {
    #expect(throws: SeqError.self) { try GradientFlow(cell: "x").points() }
    #expect(throws: SeqError.self) { try GradientFlow(cell: "rnn").points(lengths: [1, 0]) }
    var flow = GradientFlow(cell: "rnn")
    flow.hidden = 0
    #expect(throws: SeqError.self) { try flow.points() }
  }
}
