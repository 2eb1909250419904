/// Which tags may follow which.
public enum TagScheme: String, Codable, Sendable, Hashable, CaseIterable {
  /// Any may follow any.
  case none
  /// Every span begins with `B-` (IOB2).
  case bio
  /// A span begins with `B-` only right behind another one of its type (IOB1).
  case iob1
  /// A span of one token is `S-`, of more `B- I- ... E-` (BILOU with other letters).
  case bioes

  /// The first scheme that all the given sentences follow; `none` where the tags mark no spans or
  /// follow no scheme.
  public static func detect(
    _ labels: [String], sentences: some Sequence<some Sequence<Int32>>
  ) -> TagScheme {
    guard let tags = SpanTag.all(labels) else { return .none }
    let hasEnds = tags.contains { $0.position == .end || $0.position == .single }
    var candidates: [TagScheme] = hasEnds ? [.bioes] : [.bio, .iob1]
    for sentence in sentences {
      let sentence = sentence.map { tags[Int($0)] }
      candidates.removeAll { !$0.allows(sentence) }
      if candidates.isEmpty { return .none }
    }
    return candidates.first ?? .none
  }

  /// Whether a sentence may have these tags.
  public func allows(_ tags: some Sequence<SpanTag>) -> Bool {
    var previous: SpanTag?
    for tag in tags {
      guard allows(tag, after: previous) else { return false }
      previous = tag
    }
    return allows(nil, after: previous)
  }

  /// Whether `next` may follow `previous`; `nil` stands for both ends of a sentence.
  public func allows(_ next: SpanTag?, after previous: SpanTag?) -> Bool {
    let continues =
      previous.map { $0.position == .begin || $0.position == .inside } ?? false
    let isSameType = previous?.type == next?.type
    switch self {
    case .none: return true
    case .bio: return next?.position != .inside || continues && isSameType
    case .iob1: return next?.position != .begin || continues && isSameType
    case .bioes:
      let isInside = next?.position == .inside || next?.position == .end
      return continues ? isInside && isSameType : !isInside
    }
  }
}
