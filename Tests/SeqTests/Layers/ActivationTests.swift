import Seq
import Testing

@Suite struct ActivationTests {
  @Test func kinksAndNotANumber() {
    var x = Tensor<Float>([1, 4], [-2, 0, 3, .nan])
    Activation.relu.apply(to: &x)
    #expect(Array(x.values.prefix(3)) == [0, 0, 3] && x.values[3].isNaN)
    var d = Tensor<Float>([1, 4], [1, 1, 1, 1])
    Activation.relu.backward(&d, y: Tensor([1, 4], [0, 0, 3, 1]))
    #expect(d.values == [0, 0, 1, 1])
  }
}
