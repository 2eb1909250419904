import Pipeline
import Seq
import Testing

@Suite struct ClassifierOptionsTests {
  @Test func defaultsNeedOnlySizes() throws {
    var options = ClassifierOptions()
    #expect(throws: SeqError.self) { try options.validate() }
    options.symbols = 1
    try options.validate()
  }

  @Test func sizesHaveBounds() {
    let sizes: [WritableKeyPath<ClassifierOptions, Int>] = [
      \.hidden, \.embedding, \.layers, \.maximumLength, \.symbols,
    ]
    for size in sizes {
      for value in [0, -1, .min, .max] {
        var options = ClassifierOptions()
        options.symbols = 10
        options[keyPath: size] = value
        #expect(throws: SeqError.self) { try options.validate() }
      }
    }
  }

  @Test func namesAndFeaturesAreChecked() {
    func refuses(_ change: (inout ClassifierOptions) -> Void) {
      var options = ClassifierOptions()
      options.symbols = 10
      change(&options)
      #expect(throws: SeqError.self) { try options.validate() }
    }
    refuses { $0.cell = "tcn" }
    refuses { $0.pooling = "min" }
    refuses { $0.features = -1 }
    refuses { $0.features = 1 << 40 }
  }

  @Test func everyOptionIsDescribed() throws {
    let value = try JSONValue(encoding: ClassifierOptions())
    let described = RecurrentClassifier.descriptor.options.map(\.name)
    #expect(Set(described) == Set(value.objectValue?.keys ?? []))
  }
}
