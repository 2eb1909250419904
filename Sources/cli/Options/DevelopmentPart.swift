import ArgumentParser

/// What training is judged on: a file of labelled data, or a share of the training data.
enum DevelopmentPart: ExpressibleByArgument, CustomStringConvertible {
  case file(String)
  case percent(Double)

  /// `5%`, or a path.
  init?(argument: String) {
    guard argument.hasSuffix("%") else {
      self = .file(argument)
      return
    }
    guard let percent = Double(argument.dropLast()), (0..<100).contains(percent) else { return nil }
    self = .percent(percent)
  }

  var description: String {
    switch self {
    case .file(let path): path
    case .percent(let percent): percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
    }
  }

  var defaultValueDescription: String { description }
}
