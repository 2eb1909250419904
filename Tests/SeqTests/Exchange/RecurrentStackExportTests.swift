import Glibc
import Pipeline
import Seq
import Testing

/// Bare stacks as ONNX files. Where `SEQTOOL_PARITY` names a folder, the files are left there with
/// inputs and outputs, for `Tests/Long/exchange.py`.
@Suite struct RecurrentStackExportTests {
  struct Case: Sendable, CustomStringConvertible {
    var cell: String
    var layers: Int
    var isBidirectional: Bool
    var batch: Int
    var steps: Int

    var description: String {
      "\(cell)-\(layers)-\(isBidirectional ? "both" : "one")-\(batch)x\(steps)"
    }

    static let all: [Case] = ONNXFile.cells.flatMap { cell in
      [(1, 1), (1, 23), (7, 1), (7, 23)].flatMap { batch, steps in
        [(1, false), (2, false), (1, true), (2, true)].map { layers, both in
          Case(
            cell: cell, layers: layers, isBidirectional: both, batch: batch, steps: steps)
        }
      }
    }
  }

  @Test(arguments: Case.all)
  func aStackIsAGraphOfItsOwn(_ sample: Case) throws {
    var layout = ParameterLayout()
    let stack = RecurrentStack(
      cell: try Cells.named(sample.cell), inputSize: 5, hiddenSize: 9, layerCount: sample.layers,
      isBidirectional: sample.isBidirectional, in: &layout)
    let parameters: ParameterVector<Float> = Samples.parameters(layout, seed: 3, size: 0.5)
    let bytes = try stack.onnx(parameters)
    let file = try ONNXFile(bytes)
    let (count, width) = (sample.layers * (sample.isBidirectional ? 2 : 1), stack.outputSize)
    let hasCell = sample.cell == "lstm"
    let states = "1 [\"\(count)\", \"batch\", \"9\"]"
    #expect(
      file.inputs == ["x: 1 [\"time\", \"batch\", \"5\"]", "lengths: 6 [\"batch\"]"]
        + (hasCell ? ["h_0: \(states)", "c_0: \(states)"] : ["h_0: \(states)"]))
    #expect(
      file.outputs == ["y: 1 [\"time\", \"batch\", \"\(width)\"]", "h_n: \(states)"]
        + (hasCell ? ["c_n: \(states)"] : []))
    guard let folder = getenv("SEQTOOL_PARITY").map({ String(cString: $0) }) else { return }
    let path = "\(folder)/\(sample)"
    try AtomicFile.write(bytes, to: path + ".onnx")
    try write(sample, stack, parameters, to: path + ".npz")
  }

  /// What would be left out silently makes another network.
  @Test func weightsThatONNXHasNoPlaceForAreRefused() throws {
    var layout = ParameterLayout()
    let stack = RecurrentStack(
      cell: LSTMCell(), inputSize: 2, hiddenSize: 3, layerCount: 1, isBidirectional: false,
      in: &layout)
    _ = try stack.onnx(ParameterVector(layout))
    _ = layout.add("rnn.norm_l0", [3])
    let error = #expect(throws: SeqError.self) { try stack.onnx(ParameterVector(layout)) }
    #expect(error?.description.contains("rnn.norm_l0") == true)
  }

  private func write(
    _ sample: Case, _ stack: RecurrentStack, _ parameters: ParameterVector<Float>, to path: String
  ) throws {
    let (n, t) = (sample.batch, sample.steps)
    let lengths = (0..<n).map { max(1, t - 4 * $0) }
    let layout = SequenceLayout(lengths: lengths)
    let x: Tensor<Float> = Samples.uniform([t, n, 5], seed: 11)
    let initial = stack.layers.indices.map { l in
      stack.layers[l].indices.map { d in
        let state = { (seed: Int) -> Tensor<Float> in
          Samples.uniform([n, 9], seed: UInt64(seed + 10 * l + d))
        }
        return RecurrentState(
          hidden: state(20), cell: sample.cell == "lstm" ? state(60) : Tensor(zeros: [0, 9]))
      }
    }
    var packed = Tensor<Float>(zeros: [layout.rowCount, 5])
    let rows = (0..<t).flatMap { t in (0..<layout.activeRows[t]).map { (t, $0) } }
    for (step, sequence) in rows {
      for j in 0..<5 {
        packed[layout.row(step: step, sequence: sequence), j] =
          x.values[(step * n + sequence) * 5 + j]
      }
    }
    let weights = Weights(parameters)
    let run = stack.run(
      projected: stack.layers[0].map { $0.project(packed, weights) }, layout, from: initial,
      weights, keepsCache: false)
    let width = stack.outputSize
    var y = [Float](repeating: 0, count: t * n * width)
    for (step, sequence) in rows {
      for j in 0..<width {
        y[(step * n + sequence) * width + j] =
          run.output[layout.row(step: step, sequence: sequence), j]
      }
    }
    let file = try StreamedFile(path)
    let writer = NPZWriter(descriptor: file.descriptor, file: path)
    let shape = [initial.joined().count, n, 9]
    try writer.add("x", .float32, shape: [t, n, 5], x.values)
    try writer.add("lengths", .int32, shape: [n], lengths.map(Int32.init))
    try writer.add("y", .float32, shape: [t, n, width], y)
    for (name, states) in [("h_0", initial), ("h_n", run.final)] {
      try writer.add(name, .float32, shape: shape, states.joined().flatMap(\.hidden.values))
    }
    if sample.cell == "lstm" {
      for (name, states) in [("c_0", initial), ("c_n", run.final)] {
        try writer.add(name, .float32, shape: shape, states.joined().flatMap(\.cell.values))
      }
    }
    try writer.finish()
    try file.commit()
  }
}
