import Glibc

/// A number with two digits and a power of ten, as `1.7e-09`.
enum Scientific {
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    guard value != 0 else { return "0" }
    var exponent = Int(floor(log10(abs(value))))
    var tenths = Int((abs(value) / pow(10, Double(exponent)) * 10).rounded())
    if tenths >= 100 { (tenths, exponent) = (10, exponent + 1) }
    let digits = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    return (value < 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)e"
      + (exponent < 0 ? "-" : "+") + digits
  }
}
