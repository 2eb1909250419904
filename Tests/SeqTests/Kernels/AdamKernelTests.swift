import CKernels
import Testing

@Suite struct AdamKernelTests {
  @Test(arguments: [1, 3, 17, 33], [false, true])
  func stepsMatchDefinition(count: Int, decoupled: Bool) {
    let (lr, beta1, beta2, eps, decay, gradScale) = (0.01, 0.9, 0.99, 1e-6, 0.1, 0.5)
    onEveryInstructionSet { _ in
      var numbers = TestNumbers(seed: count)
      var w = numbers.array(count)
      var m = [Float](repeating: 0, count: count)
      var v = m
      var reference = w.map { (w: Double($0), m: 0.0, v: 0.0) }
      for step in 1...5 {
        let g = numbers.array(count)
        let (bias1, bias2) = (1 - power(beta1, step), 1 - power(beta2, step))
        seq_adam(
          count, &w, g, &m, &v, Float(lr), Float(beta1), Float(beta2), Float(eps), Float(bias1),
          Float(bias2), Float(decay), decoupled, Float(gradScale))
        for i in 0..<count {
          var gradient = gradScale * Double(g[i])
          if decoupled {
            reference[i].w *= 1 - lr * decay
          } else {
            gradient += decay * reference[i].w
          }
          reference[i].m = beta1 * reference[i].m + (1 - beta1) * gradient
          reference[i].v = beta2 * reference[i].v + (1 - beta2) * gradient * gradient
          let spread = (reference[i].v / bias2).squareRoot() + eps
          reference[i].w -= lr * (reference[i].m / bias1) / spread
        }
      }
      expectClose(w, reference.map(\.w), tolerance: 2e-6)
      expectClose(m, reference.map(\.m), tolerance: 2e-6)
      expectClose(v, reference.map(\.v), tolerance: 2e-6)
    }
  }

  @Test func brokenGradientIsNotHidden() {
    onEveryInstructionSet { _ in
      var (w, m, v): ([Float], [Float], [Float]) = ([1, 1], [0, 0], [0, 0])
      seq_adam(2, &w, [.nan, 1], &m, &v, 0.1, 0.9, 0.99, 1e-8, 0.1, 0.01, 0, true, 1)
      #expect(w[0].isNaN)
      #expect(w[1].isFinite && w[1] < 1)
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * base }
  }
}
