import ArgumentParser

/// A span of time: `50ms`, `2s`, `1m`.
struct TimeSpan: ExpressibleByArgument, CustomStringConvertible {
  let milliseconds: Int

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  init?(argument: String) {
    let units = [("ms", 1), ("s", 1000), ("m", 60_000)]
    guard let (suffix, scale) = units.first(where: { argument.hasSuffix($0.0) }) else { return nil }
    let digits = argument.dropLast(suffix.count)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int(digits)
    else { return nil }
    let (milliseconds, overflow) = count.multipliedReportingOverflow(by: scale)
    guard !overflow else { return nil }
    self.milliseconds = milliseconds
  }

  var description: String { "\(milliseconds)ms" }

  var defaultValueDescription: String { description }
}
