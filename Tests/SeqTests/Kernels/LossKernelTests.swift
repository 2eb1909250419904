import CKernels
import Foundation
import Testing

@Suite struct LossKernelTests {
  private func logSoftmax(_ x: ArraySlice<Float>) -> [Double] {
    let x = x.map(Double.init)
    let top = x.max() ?? 0
    let logSum = log(x.reduce(0) { $0 + exp($1 - top) })
    return x.map { $0 - top - logSum }
  }

  @Test(arguments: [1, 2, 3, 16, 17, 33, 1000])
  func logSoftmaxMatchesDefinition(k: Int) {
    var numbers = TestNumbers(seed: k)
    let logits = numbers.array(3 * k, scale: 10)
    onEveryInstructionSet { _ in
      var x = logits
      seq_log_softmax(3, Int32(k), &x)
      let expected = (0..<3).flatMap { logSoftmax(logits[$0 * k..<($0 + 1) * k]) }
      expectClose(x, expected, tolerance: 5e-7)
    }
  }

  @Test(arguments: [1, 2, 3, 16, 17, 33, 1000])
  func crossEntropyMatchesDefinition(k: Int) {
    var numbers = TestNumbers(seed: k)
    let logits = numbers.array(4 * k, scale: 10)
    let targets = [Int32(k - 1), 0, -1, Int32(k / 2)]
    let scale = 0.25
    onEveryInstructionSet { _ in
      var gradient = [Float](repeating: 9, count: 4 * k)
      var loss = [Double](repeating: 9, count: 4)
      seq_cross_entropy(4, Int32(k), logits, targets, Float(scale), &gradient, &loss)
      for (row, target) in targets.enumerated() {
        let logP = logSoftmax(logits[row * k..<(row + 1) * k])
        let d = Array(gradient[row * k..<(row + 1) * k])
        if target < 0 {
          #expect(loss[row] == 0)
          #expect(d.allSatisfy { $0 == 0 })
        } else {
          #expect(abs(loss[row] + logP[Int(target)]) <= 2e-7 * (1 + loss[row]))
          let expected = logP.indices.map { (exp(logP[$0]) - ($0 == target ? 1 : 0)) * scale }
          expectClose(d, expected, tolerance: 2e-7)
        }
      }
    }
  }

  @Test func gradientMayOverwriteLogits() {
    var numbers = TestNumbers(seed: 8)
    let logits = numbers.array(2 * 19)
    onEveryInstructionSet { _ in
      var (apart, lossApart) = ([Float](repeating: 0, count: 38), [0.0, 0.0])
      seq_cross_entropy(2, 19, logits, [3, 18], 1, &apart, &lossApart)
      var (inPlace, lossInPlace) = (logits, [0.0, 0.0])
      inPlace.withUnsafeMutableBufferPointer {
        seq_cross_entropy(2, 19, $0.baseAddress, [3, 18], 1, $0.baseAddress, &lossInPlace)
      }
      #expect(inPlace.bits == apart.bits)
      #expect(lossInPlace == lossApart)
    }
  }

  @Test func hugeLogitsDoNotOverflow() {
    onEveryInstructionSet { _ in
      var (d, loss) = ([Float](repeating: 9, count: 3), [9.0])
      seq_cross_entropy(1, 3, [1e30, -1e30, -.infinity], [0], 1, &d, &loss)
      #expect(loss == [0])
      #expect(d == [0, 0, 0])
    }
  }

  @Test(arguments: [Float.nan, .infinity])
  func brokenLogitsGiveABrokenLoss(value: Float) {
    onEveryInstructionSet { _ in
      for place in [0, 5, 18] {
        var logits = [Float](repeating: 0, count: 19)
        logits[place] = value
        var (d, loss) = ([Float](repeating: 0, count: 19), [0.0])
        seq_cross_entropy(1, 19, logits, [1], 1, &d, &loss)
        #expect(!loss[0].isFinite)
      }
    }
  }
}
