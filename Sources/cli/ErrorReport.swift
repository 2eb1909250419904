import ArgumentParser
import Pipeline

/// The one place where errors become words on stderr and an exit code.
struct ErrorReport {
  private enum Content {
    /// Help, the version or a completion script: asked for, so it is data.
    case answer(String)
    case failure(String, ExitStatus)
    case silence(ExitStatus)
  }

  private let content: Content

  init(_ error: any Error) {
    content = Self.content(of: error)
  }

  /// Prints the report and gives the code to exit with.
  func print() -> ExitStatus {
    switch content {
    case .answer(let text):
      do {
        try StandardOutput.write(text.hasSuffix("\n") ? text : text + "\n")
        return .ok
      } catch {
        return ErrorReport(error).print()
      }
    case .failure(let message, let status):
      StandardError.note(Self.oneLine(message))
      return status
    case .silence(let status):
      return status
    }
  }

  private static func content(of error: any Error) -> Content {
    switch error {
    case CLIError.outputClosed: .silence(.outputClosed)
    case let error as CLIError: .failure(error.description, error.status)
    case let error as any CategorizedError: categorized(error)
    default: parserContent(of: error)
    }
  }

  /// The library's errors, by their category.
  private static func categorized(_ error: any CategorizedError) -> Content {
    switch error.category {
    case .usage: .failure(error.description, .usage)
    case .badData: .failure(error.description, .badData)
    case .noInput: .failure(error.description, .noInput)
    case .plugin: .failure(error.description, .pluginFailed)
    case .software: .failure(error.description, .internalError)
    case .cannotCreate: .failure(error.description, .cannotCreate)
    case .io: .failure(error.description, .inputOutput)
    case .temporary: .failure(error.description, .tryAgain)
    case .outputClosed: .silence(.outputClosed)
    }
  }

  /// ArgumentParser's own errors: help and version are answers, the rest is wrong usage.
  private static func parserContent(of error: any Error) -> Content {
    let text = SeqtoolCommand.fullMessage(for: error)
    if SeqtoolCommand.exitCode(for: error).isSuccess { return .answer(text) }
    let message = SeqtoolCommand.message(for: error)
    guard let hint = helpHint(in: text) else { return .failure(message, .internalError) }
    return .failure("\(message) (see \(hint))", .usage)
  }

  /// `seqtool classify --help`, which stands quoted in the last line of a usage message.
  private static func helpHint(in text: String) -> Substring? {
    guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("  See '") }) else {
      return nil
    }
    return line.dropFirst("  See '".count).prefix { $0 != "'" }
  }

  /// The message on one line, with what could steer a terminal escaped. A list of choices, which
  /// ArgumentParser writes one a line, becomes `a, b, c`.
  static func oneLine(_ message: String) -> String {
    var line = ""
    for part in message.split(whereSeparator: \.isNewline) {
      let words = part.drop { $0 == " " }
      let isChoice = words.hasPrefix("- ")
      if !line.isEmpty { line += line.hasSuffix(":") ? " " : isChoice ? ", " : "; " }
      line += isChoice ? words.dropFirst(2) : words
    }
    return escaped(line)
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      let isLineEnd = scalar.value == 0x2028 || scalar.value == 0x2029
      if isControl || isLineEnd {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
