import CKernels
import Foundation
import Testing

@Suite struct ActivationKernelTests {
  private typealias Kernel = (Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void

  private let kernels: [Kernel] = [seq_tanh, seq_sigmoid, seq_exp]

  private func apply(_ kernel: Kernel, _ x: [Float]) -> [Float] {
    var y = [Float](repeating: 99, count: x.count)
    kernel(x.count, x, &y)
    return y
  }

  /// Numbers of every magnitude that matters, both signs, dense around 0 and up to `limit`.
  private func samples(upTo limit: Float) -> [Float] {
    let linear = (0...40_000).map { Float($0) / 40_000 * limit }
    let small = (0...20_000).map { Float(exp2(-Double($0) / 170)) }
    return (linear + small).flatMap { [$0, -$0] }
  }

  private func worstRelativeError(
    _ kernel: Kernel, _ x: [Float], _ reference: (Double) -> Double
  ) -> Double {
    zip(x, apply(kernel, x)).map { x, y in
      let expected = reference(Double(x))
      // A result that float cannot hold as a normal number has no relative error to speak of.
      if abs(expected) < Double(Float.leastNormalMagnitude) { return abs(Double(y) - expected) }
      return abs(Double(y) - expected) / abs(expected)
    }.reduce(0) { $1 <= $0 ? $0 : $1 }
  }

  @Test func relativeErrorIsSmall() {
    onEveryInstructionSet { set in
      let tanhError = worstRelativeError(seq_tanh, samples(upTo: 20)) { Foundation.tanh($0) }
      #expect(tanhError <= 4e-7, "set \(set.rawValue)")
      let expError = worstRelativeError(seq_exp, samples(upTo: 87)) { Foundation.exp($0) }
      #expect(expError <= 3e-7, "set \(set.rawValue)")
    }
  }

  @Test func sigmoidIsWithinItsBoundsAndNearTheTruth() {
    onEveryInstructionSet { set in
      let x = samples(upTo: 40)
      let y = apply(seq_sigmoid, x)
      #expect(y.allSatisfy { 0...1 ~= $0 }, "set \(set.rawValue)")
      let errors = zip(x, y).map { abs(Double($1) - 1 / (1 + Foundation.exp(-Double($0)))) }
      #expect(errors.reduce(0, max) <= 2.5e-7, "set \(set.rawValue)")
    }
  }

  @Test func limitsAreExact() {
    onEveryInstructionSet { _ in
      let x: [Float] = [.infinity, -.infinity, 1e30, -1e30, 0, -0.0, 200, -200]
      #expect(apply(seq_tanh, x).bits == [Float(1), -1, 1, -1, 0, -0.0, 1, -1].bits)
      #expect(apply(seq_sigmoid, x).bits == [Float(1), 0, 1, 0, 0.5, 0.5, 1, 0].bits)
      let e = apply(seq_exp, x)
      #expect(e.bits == [Float.infinity, 0, .infinity, 0, 1, 1, .infinity, 0].bits)
    }
  }

  @Test func expReachesTheEdgesOfFloat() {
    onEveryInstructionSet { _ in
      let e = apply(seq_exp, [88.72, 88.73, -87.5, -103, -104])
      #expect(abs(Double(e[0]) / Foundation.exp(Double(Float(88.72))) - 1) < 3e-7)
      #expect(e[1] == .infinity)
      #expect(abs(Double(e[2]) - Foundation.exp(-87.5)) <= 2 * Double(Float.leastNonzeroMagnitude))
      #expect(e[3] == .leastNonzeroMagnitude)
      #expect(e[4] == 0)
    }
  }

  @Test func notANumberStaysOne() {
    onEveryInstructionSet { _ in
      let x: [Float] = [.nan, -.nan, 1, .nan]
      for kernel in kernels {
        #expect(apply(kernel, x).map(\.isNaN) == [true, true, false, true])
      }
    }
  }

  @Test func tailHasBitsOfFullVector() {
    var numbers = TestNumbers(seed: 3)
    let x = numbers.array(67, scale: 12)
    onEveryInstructionSet { _ in
      for kernel in kernels {
        let whole = apply(kernel, x)
        for count in 0...67 {
          #expect(apply(kernel, Array(x[..<count])).bits == Array(whole[..<count]).bits)
          #expect(apply(kernel, Array(x[count...])).bits == Array(whole[count...]).bits)
        }
      }
    }
  }

  @Test func outputMayBeInput() {
    var numbers = TestNumbers(seed: 4)
    let x = numbers.array(37, scale: 5)
    onEveryInstructionSet { _ in
      var y = x
      y.withUnsafeMutableBufferPointer { seq_tanh($0.count, $0.baseAddress, $0.baseAddress) }
      #expect(y.bits == apply(seq_tanh, x).bits)
    }
  }
}
