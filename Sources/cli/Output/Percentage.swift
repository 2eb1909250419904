/// A share as a percentage with two decimals, rounded toward zero: 100.00 % means all of them.
enum Percentage {
  static func text(_ share: Double) -> String {
    let hundredths = Int((min(max(share, 0), 1) * 10_000 + 1e-9).rounded(.down))
    let rest = hundredths % 100
    return "\(hundredths / 100)." + (rest < 10 ? "0" : "") + "\(rest) %"
  }
}
