import Seq
import Testing

@Suite struct MaxPool2DTests {
  /// Of equal numbers the first one gets the gradient, as in PyTorch; the last column is left out.
  @Test func tiesGoToTheFirst() {
    let pool = MaxPool2D(Size2D(2))
    let x = Tensor<Float>([1, 1, 2, 5], [1, 3, 0, 0, 9, 3, 2, 0, 0, 9])
    let (y, places) = pool.forward(x)
    #expect(y == Tensor([1, 1, 1, 2], [3, 0]))
    #expect(places == [1, 2])
    let dx = pool.backward(Tensor([1, 1, 1, 2], [5, 7]), places: places, shape: x.shape)
    #expect(dx.values == [0, 5, 7, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func notANumberIsNotHidden() {
    for place in 0..<4 {
      var values: [Double] = [1, 2, 3, 4]
      values[place] = .nan
      let (y, _) = MaxPool2D(Size2D(2)).forward(Tensor([1, 1, 2, 2], values))
      #expect(y.values[0].isNaN, "\(place)")
    }
  }
}
