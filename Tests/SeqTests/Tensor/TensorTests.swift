import Seq
import Testing

@Suite struct TensorTests {
  @Test func copiesAreIndependent() {
    let a = Tensor<Double>([2, 2], [1, 2, 3, 4])
    var b = a
    b[1, 0] = 9
    b.add(a)
    #expect(a.values == [1, 2, 3, 4])
    #expect(b.values == [2, 4, 12, 8])
  }

  @Test func parameterVectorsAreIndependent() {
    var layout = ParameterLayout()
    let (a, b) = (layout.add("a", [2]), layout.add("b", [1, 3]))
    var first = ParameterVector<Float>(layout)
    first[b] = [1, 2, 3]
    var second = first
    second[a] = [5, 6]
    #expect([first[a], first[b]] == [[0, 0], [1, 2, 3]])
    #expect([second[a], second[b]] == [[5, 6], [1, 2, 3]])
    #expect([layout.count, layout.denseCount] == [5, 5])
  }

  /// What is freed is taken again by what has the same size, whatever was allocated since. An aligned
  /// request to glibc 2.36 takes new memory each time.
  @Test func freedMemoryIsTakenAgain() {
    var addresses: Set<UInt> = []
    var kept: [Tensor<Float>] = []
    for _ in 0..<500 {
      let large = Tensor<Float>(zeros: [100, 200])
      addresses.insert(UInt(bitPattern: large.pointer))
      #expect(UInt(bitPattern: large.pointer) % 64 == 0)
      kept.append(Tensor(zeros: [3]))
    }
    #expect(kept.count == 500 && addresses.count < 250)
  }

  @Test func shapes() {
    let x = Tensor<Float>(zeros: [3, 2, 4])
    #expect([x.rows, x.columns, x.count] == [3, 8, 24])
    #expect(Tensor<Float>(zeros: [0, 5]).values == [])
  }
}
