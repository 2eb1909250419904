public import Pipeline

/// How good tags are: token by token, and span by span as `conlleval` counts (Tjong Kim Sang and De
/// Meulder, 2003): a span is right where its type and both its ends are.
public struct TaggingReport: Sendable, Hashable {
  /// The tag names, in the model's order.
  public let labels: [String]
  public private(set) var sentenceCount = 0
  /// Tokens.
  public private(set) var count = 0
  private var lossSum = 0.0
  private var tagMatches: [Matches]
  private var typeMatches: [Matches]
  /// The types of spans, in the order of `labels`, and each tag's meaning; `nil` where tags mark none.
  private let types: [String]
  private let meanings: [SpanTag]?

  /// How many there are, were found, and were found rightly.
  public struct Matches: Sendable, Hashable {
    public fileprivate(set) var support = 0
    public fileprivate(set) var predicted = 0
    public fileprivate(set) var correct = 0

    public var precision: Double { predicted == 0 ? 0 : Double(correct) / Double(predicted) }
    public var recall: Double { support == 0 ? 0 : Double(correct) / Double(support) }
    /// The harmonic mean of precision and recall, 0 where both are.
    public var f1: Double {
      support + predicted == 0 ? 0 : 2 * Double(correct) / Double(support + predicted)
    }

    static func + (a: Matches, b: Matches) -> Matches {
      var sum = a
      sum.support += b.support
      sum.predicted += b.predicted
      sum.correct += b.correct
      return sum
    }
  }

  /// The figures of one type of span, or of one tag.
  public struct Figures: Sendable, Hashable {
    public let name: String
    public let matches: Matches
  }

  public init(labels: [String]) {
    self.labels = labels
    meanings = SpanTag.all(labels)
    var types: [String] = []
    for tag in meanings ?? [] where tag.position != .outside && !types.contains(tag.type) {
      types.append(tag.type)
    }
    self.types = types
    tagMatches = [Matches](repeating: Matches(), count: labels.count)
    typeMatches = [Matches](repeating: Matches(), count: types.count)
  }

  /// Adds tagged sentences with their true tags.
  ///
  /// - Parameter loss: the summed loss of all tokens, in nats.
  /// - Precondition: there is one true tag for each, from 0 to K - 1.
  public mutating func add(_ tagged: TagChunk, truth: [Int32], loss: Double = 0) {
    precondition(tagged.tags.count == truth.count, "one true tag per token")
    lossSum += loss
    count += truth.count
    sentenceCount += tagged.count
    for (predicted, actual) in zip(tagged.tags, truth) {
      tagMatches[Int(actual)].support += 1
      tagMatches[Int(predicted)].predicted += 1
      if predicted == actual { tagMatches[Int(actual)].correct += 1 }
    }
    guard let meanings else { return }
    for record in 0..<tagged.count {
      let range = tagged.range(record)
      let expected = Span.all(in: truth[range].map { meanings[Int($0)] })
      let found = Span.all(in: tagged.tags[range].map { meanings[Int($0)] })
      let right = Set(expected).intersection(found)
      for span in expected { change(span) { $0.support += 1 } }
      for span in found {
        change(span) {
          $0.predicted += 1
          if right.contains(span) { $0.correct += 1 }
        }
      }
    }
  }

  private mutating func change(_ span: Span, _ body: (inout Matches) -> Void) {
    guard let type = types.firstIndex(of: span.type) else { return }
    body(&typeMatches[type])
  }

  /// Mean loss per token, in nats.
  public var loss: Double { count == 0 ? 0 : lossSum / Double(count) }

  /// The share of tokens with the right tag.
  public var accuracy: Double {
    let correct = tagMatches.reduce(0) { $0 + $1.correct }
    return count == 0 ? 0 : Double(correct) / Double(count)
  }

  /// The figures of each tag, in the order of `labels`.
  public var perTag: [Figures] {
    zip(labels, tagMatches).map { Figures(name: $0, matches: $1) }
  }

  /// The figures of spans: of each type, and of all together (micro averages); `nil` where tags mark
  /// no spans.
  public var spans: (all: Matches, perType: [Figures])? {
    guard meanings != nil else { return nil }
    return (
      typeMatches.reduce(Matches(), +),
      zip(types, typeMatches).map { Figures(name: $0, matches: $1) }
    )
  }
}
