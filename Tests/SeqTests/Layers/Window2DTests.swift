import Seq
import Testing

@Suite struct Window2DTests {
  @Test func countsWindows() {
    let window = Window2D(Size2D(3, 2), stride: Size2D(2, 3), padding: Size2D(1, 0))
    #expect(window.outputSize(for: Size2D(5, 8)) == Size2D(3, 3))
    #expect(window.outputSize(for: Size2D(6, 7)) == Size2D(3, 2))
    #expect(window.outputSize(for: Size2D(1, 2)) == Size2D(1, 1))
    #expect(window.outputSize(for: Size2D(1, 1)) == Size2D(1, 0))
    #expect(Window2D(Size2D(5)).outputSize(for: Size2D(28)) == Size2D(24))
  }

  /// A window wider than the map, all of whose columns but one are padding.
  @Test func paddingIsZero() {
    var layout = ParameterLayout()
    let conv = Conv2D(
      "c", inputChannels: 1, outputChannels: 1,
      window: Window2D(Size2D(1, 5), padding: Size2D(0, 2)), in: &layout)
    var vector = ParameterVector<Float>(layout)
    vector[conv.weight] = [1, 2, 3, 4, 5]
    vector[layout.parameters[1]] = [10]
    let y = conv.forward(Tensor<Float>([1, 1, 1, 1], [7]), Weights(vector))
    #expect(y == Tensor([1, 1, 1, 1], [31]))
    let wide = conv.forward(Tensor<Float>([1, 1, 1, 2], [1, 100]), Weights(vector))
    #expect(wide == Tensor([1, 1, 1, 2], [413, 312]))
  }
}
