import ArgumentParser

/// `1-4`, `3`, or `none`.
struct NGramRange: ExpressibleByArgument {
  let range: ClosedRange<Int>?

  init?(argument: String) {
    if argument == "none" {
      range = nil
      return
    }
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(ends.count), let low = ends[0], let high = ends[ends.count - 1],
      1 <= low, low <= high
    else { return nil }
    range = low...high
  }
}
