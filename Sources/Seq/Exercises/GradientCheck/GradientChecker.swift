/// Compares the gradients of a function with central differences:
/// ```
/// dL/dx_i ≈ (L(x + h e_i) - L(x - h e_i)) / 2 h
/// ```
public struct GradientChecker: Sendable {
  /// h.
  public var step: Double
  /// Gradients smaller than this, or than 10^-4 |L|, are compared as if they were that large: the
  /// loss is rounded, so the difference quotient has an absolute error of some |L| 10^-16 / h.
  public var floor: Double

  public init(step: Double = 1e-5, floor: Double = 1e-3) {
    self.step = step
    self.floor = floor
  }

  /// An array that the function depends on.
  public struct Variable: Sendable {
    public var name: String
    public var values: [Double]

    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// What was found for one variable.
  public struct Finding: Sendable {
    public let name: String
    /// The largest |a - n| / max(|a|, |n|, floor) over its elements, and the place of it.
    public fileprivate(set) var error = 0.0
    public fileprivate(set) var index = 0
    /// The largest size of a numeric gradient: 0 means that nothing was checked.
    public fileprivate(set) var largestGradient = 0.0
  }

  /// Checks every element of every variable; two evaluations of `loss` for each.
  public func check(
    _ variables: [Variable], gradients: [[Double]], loss: ([[Double]]) throws -> Double
  ) rethrows -> [Finding] {
    var point = variables.map(\.values)
    var findings: [Finding] = []
    let floor = try max(floor, 1e-4 * abs(loss(point)))
    for (v, variable) in variables.enumerated() {
      var finding = Finding(name: variable.name)
      for (i, value) in variable.values.enumerated() {
        point[v][i] = value + step
        let above = try loss(point)
        point[v][i] = value - step
        let below = try loss(point)
        point[v][i] = value
        let numeric = (above - below) / (2 * step)
        let analytic = gradients[v][i]
        let error = abs(analytic - numeric) / max(abs(analytic), abs(numeric), floor)
        // A NaN is the largest error, and stays it.
        if !finding.error.isNaN, !(error <= finding.error) {
          (finding.error, finding.index) = (error, i)
        }
        finding.largestGradient = max(finding.largestGradient, abs(numeric))
      }
      findings.append(finding)
    }
    return findings
  }
}
