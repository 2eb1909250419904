import CKernels
import Foundation
import Testing

/// Forward against the equations in Double; backward against central differences of them.
@Suite struct RecurrentStepKernelTests {
  private static let sizes = [(1, 1), (3, 5), (2, 16), (5, 17), (3, 33)]

  /// Each row takes its own.
  private static var ownRows: seq_step_rows { seq_step_rows(x: nil, r: nil, previous: nil) }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// (c, h) of one unit from its pre-activations i f g o.
  private static func lstm(_ p: [Double], _ c: Double) -> (c: Double, h: Double) {
    let cell = logistic(p[1]) * c + logistic(p[0]) * tanh(p[2])
    return (cell, logistic(p[3]) * tanh(cell))
  }

  /// h of one unit from its input parts x and recurrent parts r of r z n.
  private static func gru(_ x: [Double], _ r: [Double], _ h: Double) -> Double {
    let (reset, update) = (logistic(x[0] + r[0]), logistic(x[1] + r[1]))
    return (1 - update) * tanh(x[2] + reset * r[2]) + update * h
  }

  /// The derivative of f at 0 by central differences of the fourth order.
  private static func derivative(_ f: (Double) -> Double) -> Double {
    let d = 1e-3
    return (8 * (f(d) - f(-d)) - (f(2 * d) - f(-2 * d))) / (12 * d)
  }

  private static func replacing(_ x: [Double], _ index: Int, plus d: Double) -> [Double] {
    var y = x
    y[index] += d
    return y
  }

  @Test(arguments: sizes)
  func lstmStepMatchesEquations(n: Int, h: Int) {
    var numbers = TestNumbers(seed: n * 100 + h)
    let ldx = 4 * h + 3
    let (x, r) = (numbers.array(n * ldx, scale: 4), numbers.array(n * 4 * h, scale: 4))
    let previous = numbers.array(n * h)
    onEveryInstructionSet { _ in
      var (c, output) = (previous, previous)
      seq_lstm_step(
        Int32(n), Int32(h), Self.ownRows, x, Int32(ldx), r, previous, nil, nil, &c, &output)
      var expected: [(c: Double, h: Double)] = []
      for row in 0..<n {
        for j in 0..<h {
          let p = (0..<4).map {
            x.at(row, $0 * h + j, stride: ldx) + r.at(row, $0 * h + j, stride: 4 * h)
          }
          expected.append(Self.lstm(p, Double(previous[row * h + j])))
        }
      }
      expectClose(c, expected.map(\.c), tolerance: 1e-6)
      expectClose(output, expected.map(\.h), tolerance: 1e-6)

      var (gates, tanhC) = ([Float](repeating: 0, count: n * 4 * h), previous)
      var (c2, output2) = (previous, previous)
      // In place: c is c_prev.
      c2.withUnsafeMutableBufferPointer { c in
        seq_lstm_step(
          Int32(n), Int32(h), Self.ownRows, x, Int32(ldx), r, c.baseAddress, &gates, &tanhC,
          c.baseAddress,
          &output2)
      }
      #expect(c2.bits == c.bits)
      #expect(output2.bits == output.bits)
    }
  }

  @Test(arguments: sizes)
  func lstmBackwardMatchesDifferences(n: Int, h: Int) {
    var numbers = TestNumbers(seed: n * 100 + h)
    let x = numbers.array(n * 4 * h, scale: 2)
    let r = numbers.array(n * 4 * h, scale: 2)
    let previous = numbers.array(n * h)
    let (dH, dFuture) = (numbers.array(n * h), numbers.array(n * h))
    let ldd = 4 * h + 1
    onEveryInstructionSet { _ in
      var (gates, tanhC) = ([Float](repeating: 0, count: n * 4 * h), previous)
      var (c, output) = (previous, previous)
      seq_lstm_step(
        Int32(n), Int32(h), Self.ownRows, x, Int32(4 * h), r, previous, &gates, &tanhC, &c, &output)
      var dC = dFuture
      var dGates = [Float](repeating: 9, count: n * ldd)
      seq_lstm_step_backward(
        Int32(n), Int32(h), gates, tanhC, previous, dH, &dC, &dGates, Int32(ldd))
      var (expectedGates, expectedC): ([Double], [Double]) = ([], [])
      var actualGates: [Float] = []
      for row in 0..<n {
        for j in 0..<h {
          let unit = row * h + j
          let p = (0..<4).map {
            Double(x[row * 4 * h + $0 * h + j]) + Double(r[row * 4 * h + $0 * h + j])
          }
          func loss(_ p: [Double], _ c: Double) -> Double {
            let state = Self.lstm(p, c)
            return state.h * Double(dH[unit]) + state.c * Double(dFuture[unit])
          }
          for gate in 0..<4 {
            actualGates.append(dGates[row * ldd + gate * h + j])
            expectedGates.append(
              Self.derivative { loss(Self.replacing(p, gate, plus: $0), Double(previous[unit])) })
          }
          expectedC.append(Self.derivative { loss(p, Double(previous[unit]) + $0) })
        }
        #expect(dGates[row * ldd + 4 * h] == 9)
      }
      expectClose(actualGates, expectedGates, tolerance: 2e-6)
      expectClose(dC, expectedC, tolerance: 2e-6)
    }
  }

  @Test(arguments: sizes)
  func gruStepMatchesEquations(n: Int, h: Int) {
    var numbers = TestNumbers(seed: n * 100 + h)
    let ldx = 3 * h + 2
    let (x, r) = (numbers.array(n * ldx, scale: 4), numbers.array(n * 3 * h, scale: 4))
    let previous = numbers.array(n * h)
    onEveryInstructionSet { _ in
      var output = previous
      seq_gru_step(Int32(n), Int32(h), Self.ownRows, x, Int32(ldx), r, previous, nil, &output)
      var expected: [Double] = []
      for row in 0..<n {
        for j in 0..<h {
          let inputs = (0..<3).map { x.at(row, $0 * h + j, stride: ldx) }
          let recurrent = (0..<3).map { r.at(row, $0 * h + j, stride: 3 * h) }
          expected.append(Self.gru(inputs, recurrent, Double(previous[row * h + j])))
        }
      }
      expectClose(output, expected, tolerance: 1e-6)

      var gates = [Float](repeating: 0, count: n * 4 * h)
      var inPlace = previous
      inPlace.withUnsafeMutableBufferPointer { state in
        seq_gru_step(
          Int32(n), Int32(h), Self.ownRows, x, Int32(ldx), r, state.baseAddress, &gates,
          state.baseAddress)
      }
      #expect(inPlace.bits == output.bits)
    }
  }

  @Test(arguments: sizes)
  func gruBackwardMatchesDifferences(n: Int, h: Int) {
    var numbers = TestNumbers(seed: n * 100 + h)
    let x = numbers.array(n * 3 * h, scale: 2)
    let r = numbers.array(n * 3 * h, scale: 2)
    let (previous, dH) = (numbers.array(n * h), numbers.array(n * h))
    let ldd = 3 * h + 1
    onEveryInstructionSet { _ in
      var (gates, output) = ([Float](repeating: 0, count: n * 4 * h), previous)
      seq_gru_step(Int32(n), Int32(h), Self.ownRows, x, Int32(3 * h), r, previous, &gates, &output)
      var dX = [Float](repeating: 9, count: n * ldd)
      var dR = [Float](repeating: 9, count: n * 3 * h)
      var dPrevious = previous
      seq_gru_step_backward(
        Int32(n), Int32(h), gates, previous, dH, &dX, Int32(ldd), &dR, &dPrevious)
      var expected: (x: [Double], r: [Double], h: [Double]) = ([], [], [])
      var (actualX, actualR): ([Float], [Float]) = ([], [])
      for row in 0..<n {
        for j in 0..<h {
          let (unit, first) = (row * h + j, row * 3 * h + j)
          let inputs = (0..<3).map { Double(x[first + $0 * h]) }
          let recurrent = (0..<3).map { Double(r[first + $0 * h]) }
          let (state, d) = (Double(previous[unit]), Double(dH[unit]))
          for gate in 0..<3 {
            actualX.append(dX[row * ldd + gate * h + j])
            actualR.append(dR[first + gate * h])
            expected.x.append(
              d
                * Self.derivative {
                  Self.gru(Self.replacing(inputs, gate, plus: $0), recurrent, state)
                })
            expected.r.append(
              d
                * Self.derivative {
                  Self.gru(inputs, Self.replacing(recurrent, gate, plus: $0), state)
                })
          }
          expected.h.append(d * Self.derivative { Self.gru(inputs, recurrent, state + $0) })
        }
        #expect(dX[row * ldd + 3 * h] == 9)
      }
      expectClose(actualX, expected.x, tolerance: 2e-6)
      expectClose(actualR, expected.r, tolerance: 2e-6)
      expectClose(dPrevious, expected.h, tolerance: 2e-6)
    }
  }

  @Test(arguments: sizes, [false, true])
  func rnnStepAndBackwardMatchEquations(size: (Int, Int), relu: Bool) {
    let (n, h) = size
    var numbers = TestNumbers(seed: n * 100 + h)
    let (ldx, ldd) = (h + 2, h + 1)
    let (x, r, dH) = (numbers.array(n * ldx), numbers.array(n * h), numbers.array(n * h))
    onEveryInstructionSet { _ in
      var output = dH
      seq_rnn_step(relu, Int32(n), Int32(h), Self.ownRows, x, Int32(ldx), r, &output)
      var dPre = [Float](repeating: 9, count: n * ldd)
      seq_rnn_step_backward(relu, Int32(n), Int32(h), output, dH, &dPre, Int32(ldd))
      var expected: (h: [Double], d: [Double]) = ([], [])
      for row in 0..<n {
        for j in 0..<h {
          let sum = x.at(row, j, stride: ldx) + r.at(row, j, stride: h)
          let y = relu ? max(sum, 0) : tanh(sum)
          expected.h.append(y)
          expected.d.append(Double(dH[row * h + j]) * (relu ? (sum > 0 ? 1 : 0) : 1 - y * y))
        }
        #expect(dPre[row * ldd + h] == 9)
      }
      expectClose(output, expected.h, tolerance: 1e-6)
      let d = (0..<n).flatMap { dPre[$0 * ldd..<$0 * ldd + h] }
      expectClose(d, expected.d, tolerance: 1e-6)
    }
  }

  @Test func rowOfBatchHasBitsOfRowAlone() {
    let h = 37
    var numbers = TestNumbers(seed: 7)
    let (x, r) = (numbers.array(40 * 4 * h, scale: 3), numbers.array(40 * 4 * h, scale: 3))
    let previous = numbers.array(40 * h)
    func step(_ rows: Range<Int>) -> (c: [Float], h: [Float]) {
      var c = [Float](repeating: 0, count: rows.count * h)
      var output = c
      seq_lstm_step(
        Int32(rows.count), Int32(h), Self.ownRows,
        Array(x[rows.lowerBound * 4 * h..<rows.upperBound * 4 * h]),
        Int32(4 * h), Array(r[rows.lowerBound * 4 * h..<rows.upperBound * 4 * h]),
        Array(previous[rows.lowerBound * h..<rows.upperBound * h]), nil, nil, &c, &output)
      return (c, output)
    }
    onEveryInstructionSet { _ in
      let alone = (0..<40).map { step($0..<$0 + 1) }
      for m in 1...40 {
        let batch = step(0..<m)
        #expect(batch.c.bits == alone[..<m].flatMap(\.c).bits)
        #expect(batch.h.bits == alone[..<m].flatMap(\.h).bits)
      }
    }
  }

  @Test func notANumberReachesTheOutput() {
    onEveryInstructionSet { _ in
      for relu in [false, true] {
        var output: [Float] = [0, 0]
        seq_rnn_step(relu, 1, 2, Self.ownRows, [.nan, 1], 2, [0, 0], &output)
        #expect(output.map(\.isNaN) == [true, false])
      }
      var (c, output): ([Float], [Float]) = ([0], [0])
      seq_lstm_step(
        1, 1, Self.ownRows, [0, 0, .nan, 0], 4, [0, 0, 0, 0], [0], nil, nil, &c, &output)
      #expect(c[0].isNaN && output[0].isNaN)
    }
  }
}
