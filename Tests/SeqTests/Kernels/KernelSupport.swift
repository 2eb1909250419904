import CKernels
import Testing

/// Runs `body` once for each instruction set of this machine, then returns to the best one.
/// The choice belongs to the thread, and `body` cannot suspend.
func onEveryInstructionSet(_ body: (seq_instruction_set) throws -> Void) rethrows {
  let best = seq_current_instruction_set()
  defer { _ = seq_use_instruction_set(best) }
  for set in [SEQ_PORTABLE, SEQ_AVX2, SEQ_AVX512, SEQ_AVX512_VNNI]
  where seq_use_instruction_set(set) {
    try body(set)
  }
}

/// Numbers in -1 ..< 1 that look random and are the same in every run.
struct TestNumbers {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
  }

  mutating func array(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in next() * scale }
  }
}

extension [Float] {
  /// The bits, so that equality tells -0 from 0 and finds a NaN equal to itself.
  var bits: [UInt32] { map(\.bitPattern) }

  /// Element [row, column] as Double.
  func at(_ row: Int, _ column: Int, stride: Int) -> Double { Double(self[row * stride + column]) }
}

/// Expects |actual - expected| <= tolerance * (1 + |expected|) for every element.
func expectClose(
  _ actual: [Float], _ expected: [Double], tolerance: Double, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, comment, sourceLocation: sourceLocation)
  var worst = 0.0
  for (a, e) in zip(actual, expected) {
    let error = abs(Double(a) - e) / (1 + abs(e))
    worst = error <= worst ? worst : error  // a NaN wins
  }
  #expect(worst <= tolerance, comment, sourceLocation: sourceLocation)
}
