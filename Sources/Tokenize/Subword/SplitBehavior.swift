/// What becomes of the delimiters that a text is cut at.
enum SplitBehavior: String, Sendable, CaseIterable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  /// Runs of delimiters stay together.
  case contiguous = "Contiguous"

  /// Appends the splits that follow from `matches`, shifted by `base`; empty ones are left out.
  func apply(_ matches: [PatternMatch], from base: Int, into splits: inout [Split]) {
    switch self {
    case .isolated:
      for match in matches { Self.append(match, base, &splits) }
    case .removed:
      for match in matches where !match.isMatch { Self.append(match, base, &splits) }
    case .contiguous: contiguous(matches, base, &splits)
    case .mergedWithPrevious: merged(matches, base, &splits)
    case .mergedWithNext:
      let first = splits.count
      var previous = false
      for match in matches.reversed() {
        if match.isMatch, !previous, splits.count > first {
          splits[splits.count - 1].start = UInt32(truncatingIfNeeded: base + match.start)
        } else {
          Self.append(match, base, &splits)
        }
        previous = match.isMatch
      }
      splits[first...].reverse()
    }
  }

  private func contiguous(_ matches: [PatternMatch], _ base: Int, _ splits: inout [Split]) {
    let first = splits.count
    var previous = false
    for match in matches {
      if match.isMatch == previous, splits.count > first {
        splits[splits.count - 1].end = UInt32(truncatingIfNeeded: base + match.end)
      } else {
        Self.append(match, base, &splits)
      }
      previous = match.isMatch
    }
  }

  private func merged(_ matches: [PatternMatch], _ base: Int, _ splits: inout [Split]) {
    let first = splits.count
    var previous = false
    for match in matches {
      if match.isMatch, !previous, splits.count > first {
        splits[splits.count - 1].end = UInt32(truncatingIfNeeded: base + match.end)
      } else {
        Self.append(match, base, &splits)
      }
      previous = match.isMatch
    }
  }

  @inline(__always)
  private static func append(_ match: PatternMatch, _ base: Int, _ splits: inout [Split]) {
    if match.end > match.start { splits.append(Split(base + match.start, base + match.end)) }
  }
}
