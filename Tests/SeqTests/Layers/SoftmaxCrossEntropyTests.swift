import Seq
import Testing

@Suite struct SoftmaxCrossEntropyTests {
  @Test func uniformLogitsCostTheLogarithmOfTheClasses() {
    let (loss, d) = SoftmaxCrossEntropy.lossAndGradient(
      Tensor<Double>([2, 4], [Double](repeating: 3, count: 8)),
      targets: SoftmaxCrossEntropy.oneHot([1, 3], count: 4), scale: 0.5)
    #expect(abs(loss - 2 * Double.log(4)) < 1e-14)
    #expect(
      distance(d.values, [0.125, -0.375, 0.125, 0.125, 0.125, 0.125, 0.125, -0.375]) < 1e-14)
  }

  @Test func hugeLogitsStayFinite() {
    func check<S: Scalar>(_ type: S.Type) {
      let (loss, d) = SoftmaxCrossEntropy.lossAndGradient(
        Tensor<S>([2, 3], [10_000, -10_000, 0, 10_000, -10_000, 0]),
        targets: SoftmaxCrossEntropy.oneHot([0, 2], count: 3), scale: 1)
      #expect(loss == 10_000)
      #expect(d.values == [0, 0, 0, 1, 0, -1])
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func aDistributionThatHasZerosIsNotANumberOfItsOwn() {
    let (loss, _) = SoftmaxCrossEntropy.lossAndGradient(
      Tensor<Double>([1, 2], [2_000, -2_000]), targets: Tensor([1, 2], [1, 0]), scale: 1)
    #expect(loss == 0)
  }
}
