import Pipeline
import Seq
import TestSupport
import Testing

@Suite struct TaggingReportTests {
  /// The report of sentences given as words.
  private func report(_ truth: [[String]], _ predicted: [[String]]) -> TaggingReport {
    let labels = Set((truth + predicted).joined()).sorted()
    func ids(_ sentences: [[String]]) -> [Int32] {
      sentences.joined().map { Int32(labels.firstIndex(of: $0) ?? -1) }
    }
    var end: UInt32 = 0
    let ends = truth.map { sentence in
      end += UInt32(sentence.count)
      return end
    }
    var report = TaggingReport(labels: labels)
    report.add(
      TagChunk(labels: labels, tags: ids(predicted), recordEnds: ends), truth: ids(truth),
      loss: 6)
    return report
  }

  @Test func handComputed() throws {
    let report = report(
      [["B-A", "I-A", "O", "B-C"], ["O", "B-A"]], [["B-A", "I-A", "O", "B-A"], ["B-A", "I-A"]])
    #expect((report.count, report.sentenceCount) == (6, 2))
    #expect(report.accuracy == 0.5)
    #expect(report.loss == 1)
    // Of three spans, one is found; three are given: A 0-2, A 3-4 and A 0-2 of the second sentence.
    let spans = try #require(report.spans)
    #expect(
      (spans.all.support, spans.all.predicted, spans.all.correct) == (3, 3, 1))
    #expect(spans.perType.map(\.name) == ["A", "C"])
    #expect(spans.perType.map(\.matches.correct) == [1, 0])
    #expect(spans.perType.map(\.matches.support) == [2, 1])
  }

  @Test func tagsThatMarkNoSpansHaveFiguresOfTheirOwn() throws {
    let report = report([["NN", "VB"], ["NN"]], [["NN", "NN"], ["NN"]])
    #expect(report.spans == nil)
    #expect(report.perTag.map(\.name) == ["NN", "VB"])
    #expect(report.perTag[0].matches.precision == 2.0 / 3)
    #expect(report.perTag[1].matches.f1 == 0)
  }

  /// Against seqeval (`Goldens/make_tagging.py`), on valid and invalid tags.
  @Test func equalsSeqeval() throws {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false)
      .prefix { $0 != "Metrics" }.joined(separator: "/")
    let cases = try JSONParser.parse(readFile("\(folder)/Goldens/tagging.json")).arrayValue ?? []
    #expect(cases.count == 6)
    for one in cases {
      func sentences(_ key: String) -> [[String]] {
        (one[key]?.arrayValue ?? []).map {
          ($0.stringValue ?? "").split(separator: " ").map(String.init)
        }
      }
      let report = report(sentences("truth"), sentences("predicted"))
      let spans = try #require(report.spans)
      for (key, value) in [
        ("accuracy", report.accuracy), ("precision", spans.all.precision),
        ("recall", spans.all.recall), ("f1", spans.all.f1),
      ] {
        #expect(abs(value - (one[key]?.doubleValue ?? -1)) < 1e-12, "\(key)")
      }
      for type in spans.perType {
        let m = type.matches
        #expect(
          one["types"]?[type.name]?.arrayValue?.map(\.intValue)
            == [m.support, m.predicted, m.correct])
      }
    }
  }
}
