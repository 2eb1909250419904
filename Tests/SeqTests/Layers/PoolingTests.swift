import Seq
import Testing

@Suite struct PoolingTests {
  @Test func readsRules() throws {
    #expect(try Pooling.rules("max") == [.max])
    #expect(try Pooling.rules("max+mean+last+attention") == [.max, .mean, .last, .attention])
    for text in ["", "max+", "sum", "Max", "max mean"] {
      #expect(throws: SeqError.self) { try Pooling.rules(text) }
    }
    #expect(
      throws: SeqError.invalidOption(
        name: "pooling", value: "max+max", reason: "a rule stands twice")
    ) { try Pooling.rules("max+max") }
  }

  /// Two sequences, of three steps and one; two units.
  @Test func handComputed() throws {
    var layout = ParameterLayout()
    let pooling = Pooling([.last, .mean, .max], width: 2, in: &layout)
    let x = Tensor<Double>([4, 2], [1, -6, 7, 8, 5, -2, 3, -1])
    let (y, _) = pooling.forward(
      x, final: Tensor([2, 2], [10, 11, 12, 13]), SequenceLayout(lengths: [3, 1]),
      Weights(ParameterVector(layout)))
    #expect(pooling.outputSize == 6)
    #expect(y == Tensor([2, 6], [10, 11, 3, -3, 5, -1, 12, 13, 7, 8, 7, 8]))
  }
}
