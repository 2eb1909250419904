import Pipeline
import Testing

@Suite struct LabelledDatasetTests {
  private func dataset(_ records: [(String, String)]) -> LabelledDataset {
    var builder = LabelledDatasetBuilder()
    for (label, text) in records { builder.add(label: Array(label.utf8), text: Array(text.utf8)) }
    return builder.build()
  }

  private func pairs(_ data: LabelledDataset) -> [String] {
    (0..<data.count).map { data.labelNames[Int(data.labels[$0])] + "\t" + data.text.string($0) }
  }

  @Test func labelNamesAreSortedByBytesWhateverTheOrderOfTheData() {
    let data = dataset([("b", "1"), ("é", "2"), ("Z", "3"), ("b", "4"), ("a", "5")])
    #expect(data.labelNames == ["Z", "a", "b", "é"])
    #expect(data.labels == [2, 3, 0, 2, 1])
    #expect(pairs(data) == ["b\t1", "é\t2", "Z\t3", "b\t4", "a\t5"])
  }

  @Test func canonicallyEquivalentLabelsStayApart() {
    let data = dataset([("\u{E9}", "x"), ("e\u{301}", "y")])
    #expect(data.labelNames.count == 2)
    #expect(data.labels(asIn: data.labelNames) == data.labels)
  }

  @Test func splitDependsOnTheRecordAloneAndLosesNone() {
    let records = (0..<4000).map { ("label\($0 % 3)", "text \($0 / 2)") }
    let data = dataset(records)
    let (train, dev) = data.split(devFraction: 0.05)
    #expect(train.count + dev.count == 4000)
    // Four standard deviations of a binomial with 2000 pairs.
    #expect((120...280).contains(dev.count))
    #expect(Set(pairs(train)).isDisjoint(with: pairs(dev)))
    let reversed = dataset(records.reversed()).split(devFraction: 0.05).dev
    #expect(pairs(reversed).sorted() == pairs(dev).sorted())
    #expect(train.labelNames == data.labelNames && dev.labelNames == data.labelNames)
  }

  @Test func theBorderOfLabelAndTextCounts() {
    let data = dataset((0..<200).flatMap { [("a\($0)", "b"), ("a", "\($0)b")] })
    let dev = Set(pairs(data.split(devFraction: 0.5).dev))
    let agreeing = (0..<200).filter { dev.contains("a\($0)\tb") == dev.contains("a\t\($0)b") }
    #expect(agreeing.count < 150)
  }

  @Test func splitsNest() {
    let data = dataset((0..<1000).map { ("l", "\($0)") })
    let small = Set(pairs(data.split(devFraction: 0.1).dev))
    #expect(small.isSubset(of: pairs(data.split(devFraction: 0.3).dev)))
    #expect(data.split(devFraction: 0).dev.count == 0)
    #expect(data.split(devFraction: 1).train.count == 0)
  }

  @Test func labelsOfAModelThatLacksOneAreMinusOne() {
    let data = dataset([("a", "1"), ("b", "2"), ("c", "3")])
    #expect(data.labels(asIn: ["c", "x", "a"]) == [2, -1, 0])
  }
}
