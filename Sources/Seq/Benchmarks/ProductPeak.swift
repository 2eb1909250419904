/// What the machine can give: a large matrix product by the BLAS, one on each thread at once.
package enum ProductPeak {
  /// Floating-point operations per second of n x n products.
  ///
  /// - Parameter clock: the time in seconds.
  package static func operationsPerSecond(
    threads: Int, size n: Int = 1024, rounds: Int = 5, clock: () -> Double
  ) -> Double {
    let pool = WorkerPool(threads: max(1, threads))
    let a = Tensor<Float>(zeros: [n, n])
    let results = Slots(pool.threads) { _ in Tensor<Float>(zeros: [n, n]) }
    var best = 0.0
    for _ in 0...rounds {
      let start = clock()
      pool.run(pool.threads) { thread in
        Float.multiply(
          MatrixProduct(
            m: n, n: n, k: n, a: a.pointer, lda: n, b: a.pointer, ldb: n,
            c: results[thread].mutablePointer, ldc: n))
      }
      best = max(best, 2 * Double(n * n * n * pool.threads) / (clock() - start))
    }
    return best
  }
}
