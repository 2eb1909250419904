import Pipeline
import Seq
import Testing

@Suite struct SpanTagTests {
  private func spans(_ tags: String) -> [String] {
    let read = tags.split(separator: " ").compactMap { SpanTag(String($0)) }
    return Span.all(in: read).map { "\($0.type) \($0.range.lowerBound)-\($0.range.upperBound)" }
  }

  /// What conlleval finds, worked out by hand from its rules.
  @Test(arguments: [
    ("O B-A I-A O", ["A 1-3"]), ("B-A B-A I-A", ["A 0-1", "A 1-3"]),
    ("I-A I-A O I-C", ["A 0-2", "C 3-4"]), ("B-A I-C", ["A 0-1", "C 1-2"]),
    ("B-A I-A E-A S-C", ["A 0-3", "C 3-4"]), ("E-A E-A", ["A 0-1", "A 1-2"]),
    ("L-A U-C O", ["A 0-1", "C 1-2"]), ("O O", []), ("", []), ("B I O B", [" 0-2", " 3-4"]),
  ])
  func spansAreFoundInTagsOfEveryScheme(tags: String, expected: [String]) {
    #expect(spans(tags) == expected)
  }

  @Test func wordsThatAreNoSpanTagsAreNone() {
    for word in ["", "NN", "BPER", "O-A", "X-A", "b-A"] { #expect(SpanTag(word) == nil, "\(word)") }
    #expect(SpanTag.all(["O"]) == nil)
    #expect(SpanTag.all(["B-A", "NN"]) == nil)
    #expect(SpanTag.all(["B-A", "O"])?.count == 2)
  }

  private func scheme(_ sentences: String...) -> TagScheme {
    let words = sentences.map { $0.split(separator: " ").map(String.init) }
    let labels = Set(words.joined()).sorted()
    return TagScheme.detect(
      labels, sentences: words.map { $0.map { Int32(labels.firstIndex(of: $0) ?? 0) } })
  }

  @Test func theSchemeIsFoundInTheData() {
    #expect(scheme("O B-A I-A", "B-C B-C O") == .bio)
    #expect(scheme("O I-A I-A", "I-C B-C O") == .iob1)
    #expect(scheme("S-A O B-C I-C E-C", "B-A E-A") == .bioes)
    #expect(scheme("O I-A", "O B-A") == .none)
    #expect(scheme("B-A I-A S-C") == .none)
    #expect(scheme("NN VB") == .none)
  }

  @Test func aSchemeForbidsWhatItShould() {
    let tags = { (text: String) in text.split(separator: " ").compactMap { SpanTag(String($0)) } }
    #expect(!TagScheme.bio.allows(tags("I-A")))
    #expect(!TagScheme.bio.allows(tags("B-A I-C")))
    #expect(TagScheme.iob1.allows(tags("I-A B-A I-C")))
    #expect(!TagScheme.iob1.allows(tags("I-A B-C")))
    #expect(!TagScheme.bioes.allows(tags("B-A")))
    #expect(!TagScheme.bioes.allows(tags("B-A O")))
    #expect(!TagScheme.bioes.allows(tags("E-A")))
    #expect(TagScheme.bioes.allows(tags("B-A E-A S-A O")))
    #expect(TagScheme.none.allows(tags("I-A B-C E-A")))
  }
}
