import CKernels

extension WorkerPool {
  /// Computes a product, on several threads where it is large enough to pay for telling them. The parts are
  /// handed out in C: each count of references would be a cache line that all threads write to.
  func share(_ product: seq_shared_product) {
    var product = product
    withUnsafeMutablePointer(to: &product) { product in
      let threads = min(threads, Int(seq_shared_product_parts(product)))
      guard threads > 1 else { return seq_shared_product_run(product) }
      HelperThread.withThreads(threads - 1) { helpers in
        for helper in helpers { helper.begin(.function(seq_shared_product_help, product)) }
        seq_shared_product_run(product)
        for helper in helpers { helper.finish() }
      }
    }
  }
}

extension seq_shared_product {
  /// A product of one row with weights that are not packed.
  init(_ p: MatrixProduct<Float>) {
    self.init(
      m: 1, n: Int32(p.n), k: Int32(p.k), a: p.a, lda: Int32(p.lda), w: p.b, ldw: Int32(p.ldb),
      transposed: !p.transposeB, bias: nil, accumulate: p.beta == 1, c: p.c, ldc: Int32(p.ldc),
      begun: 0, begun_by_helpers: 0)
  }

  init(_ p: RowProduct<Float>, _ packed: UnsafePointer<Float>) {
    self.init(
      m: Int32(p.m), n: Int32(p.outputs), k: Int32(p.inputs), a: p.a, lda: Int32(p.lda), w: packed,
      ldw: 0, transposed: false, bias: p.bias, accumulate: p.accumulates, c: p.c,
      ldc: Int32(p.ldc), begun: 0, begun_by_helpers: 0)
  }
}
