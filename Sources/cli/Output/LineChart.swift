import Glibc

/// A chart of lines as SVG: axes with round numbers, one colour for each series, a legend.
struct LineChart {
  struct Series {
    let name: String
    let points: [(x: Double, y: Double)]

    init(_ name: String, _ points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
    }
  }

  var title: String
  var xTitle: String
  var series: [Series]
  /// Whether both axes are logarithmic; points that are not positive are then left out.
  var isLogarithmic = false

  private static let (width, height) = (640.0, 320.0)
  private static let (left, right, top, bottom) = (70.0, 130.0, 34.0, 46.0)
  /// Colours that people with colour blindness can tell apart (Okabe and Ito, 2008).
  private static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
  ]

  /// Charts one below the other in one picture.
  static func page(_ charts: [LineChart]) -> String {
    let total = height * Double(charts.count)
    var svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(number(width)) \(number(total))\" "
      + "font-family=\"sans-serif\" font-size=\"12\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    for (i, chart) in charts.enumerated() {
      svg += "<g transform=\"translate(0 \(number(height * Double(i))))\">\n"
      svg += chart.body() + "</g>\n"
    }
    return svg + "</svg>\n"
  }

  private func body() -> String {
    let shown = series.map { one in
      Series(one.name, isLogarithmic ? one.points.filter { $0.x > 0 && $0.y > 0 } : one.points)
    }
    let all = shown.flatMap(\.points)
    let x = Axis(all.map(\.x), isLogarithmic, from: Self.left, to: Self.width - Self.right)
    let y = Axis(all.map(\.y), isLogarithmic, from: Self.height - Self.bottom, to: Self.top)
    var svg = text(title, Self.left, 20, "font-weight=\"bold\"")
    svg += text(
      xTitle, (Self.left + Self.width - Self.right) / 2, Self.height - 10,
      "text-anchor=\"middle\"")
    for tick in x.ticks {
      let place = x.place(tick)
      svg += line(place, Self.top, place, Self.height - Self.bottom)
      svg += text(
        Self.label(tick), place, Self.height - Self.bottom + 16, "text-anchor=\"middle\"")
    }
    for tick in y.ticks {
      let place = y.place(tick)
      svg += line(Self.left, place, Self.width - Self.right, place)
      svg += text(Self.label(tick), Self.left - 6, place + 4, "text-anchor=\"end\"")
    }
    for (i, one) in shown.enumerated() {
      let colour = Self.colours[i % Self.colours.count]
      let points = one.points.map { "\(Self.number(x.place($0.x))),\(Self.number(y.place($0.y)))" }
      svg += "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\" "
      svg += "points=\"\(points.joined(separator: " "))\"/>\n"
      if points.count == 1, let point = one.points.first {
        svg += "<circle cx=\"\(Self.number(x.place(point.x)))\" "
        svg += "cy=\"\(Self.number(y.place(point.y)))\" r=\"3\" fill=\"\(colour)\"/>\n"
      }
      let row = Self.top + 14 + 18 * Double(i)
      svg += text(one.name, Self.width - Self.right + 10, row, "fill=\"\(colour)\"")
    }
    return svg
  }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    let ends = "x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" "
    return "<line \(ends)x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\" stroke=\"#ddd\"/>\n"
  }

  private func text(_ text: String, _ x: Double, _ y: Double, _ style: String) -> String {
    let escaped = text.map { character -> String in
      switch character {
      case "<": "&lt;"
      case ">": "&gt;"
      case "&": "&amp;"
      default: String(character)
      }
    }.joined()
    return "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" \(style)>\(escaped)</text>\n"
  }

  /// A place with one digit after the point.
  private static func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  /// A tick's value, short.
  private static func label(_ value: Double) -> String {
    if value != 0, abs(value) < 1e-3 || abs(value) >= 1e5 {
      let exponent = floor(log10(abs(value)))
      let factor = ((value / pow(10, exponent)) * 100).rounded() / 100
      return factor == 1 ? "1e\(Int(exponent))" : "\(factor)e\(Int(exponent))"
    }
    let rounded = (value * 1e4).rounded() / 1e4
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// From values to places.
  private struct Axis {
    let (low, high): (Double, Double)
    let (from, to): (Double, Double)
    let isLogarithmic: Bool
    let ticks: [Double]

    init(_ values: [Double], _ isLogarithmic: Bool, from: Double, to: Double) {
      self.isLogarithmic = isLogarithmic
      (self.from, self.to) = (from, to)
      let scaled = values.map { isLogarithmic ? log10($0) : $0 }
      var (low, high) = (scaled.min() ?? 0, scaled.max() ?? 1)
      if high - low < 1e-12 { (low, high) = (low - 0.5, high + 0.5) }
      let step = isLogarithmic ? max(1, ((high - low) / 6).rounded(.up)) : Self.step(high - low)
      (self.low, self.high) = (low, high)
      var ticks: [Double] = []
      var index = (low / step).rounded(.up)
      while index * step <= high + 1e-9 * step, ticks.count < 20 {
        ticks.append(isLogarithmic ? pow(10, index * step) : index * step)
        index += 1
      }
      self.ticks = ticks
    }

    func place(_ value: Double) -> Double {
      let scaled = isLogarithmic ? log10(value) : value
      return from + (to - from) * (scaled - low) / (high - low)
    }

    /// 1, 2 or 5 times a power of ten: about six to an axis.
    private static func step(_ range: Double) -> Double {
      let power = pow(10, floor(log10(range / 6)))
      let factor = range / 6 / power
      return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10)
    }
  }
}
