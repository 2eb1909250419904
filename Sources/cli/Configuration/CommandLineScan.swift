import Pipeline

/// What a person typed behind the command's name, read by the declarations: which options are
/// given, and which words configure the rest. The parser judges the words; this only finds them.
struct CommandLineScan {
  /// The values given on the line, by key.
  private(set) var given: [String: Setting.Value] = [:]
  /// The words without `--config`, `--set` and `--dump-config`.
  private(set) var rest: [String] = []
  private(set) var configurationFile: String?
  /// The texts of `--set`, in order.
  private(set) var settings: [String] = []
  private(set) var asksForDump = false
  /// Whether help or the version is asked for, so that nothing else matters.
  private(set) var asksForAnswer = false

  private let command: CommandDeclaration
  private let invertible: Set<String>
  private var words: ArraySlice<String>

  /// - Throws: `CLIError.usage` where `--config` or `--set` lacks its value.
  init(_ words: ArraySlice<String>, of command: CommandDeclaration, invertible: Set<String>) throws
  {
    self.words = words
    self.command = command
    self.invertible = invertible
    while let word = self.words.popFirst() {
      if word == "--" {
        rest += [word] + self.words
        break
      } else if word.hasPrefix("--") {
        try scanLong(word)
      } else {
        rest.append(word)
        if word.hasPrefix("-") && word != "-" { scanShort(word) }
      }
    }
  }

  private mutating func scanLong(_ word: String) throws {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let joined = parts.count == 2 ? String(parts[1]) : nil
    if ["--help", "--version", "--generate-completion-script"].contains(name) {
      asksForAnswer = true
    }
    if try !command.declares(name) && takesConfiguration(name, joined) { return }
    rest.append(word)
    if let option = command.settable.first(where: { $0.names.contains(name) }) {
      note(option, joined: joined)
    } else if name.hasPrefix("--no-"), invertible.contains(String(name.dropFirst(5))) {
      given[String(name.dropFirst(5))] = .flag(false)
    }
  }

  /// Takes the three words that no parser shall see.
  private mutating func takesConfiguration(_ name: String, _ joined: String?) throws -> Bool {
    switch name {
    case "--config": configurationFile = try value(of: "--config <file>", joined)
    case "--set": settings.append(try value(of: "--set <key=value>", joined))
    case "--dump-config" where joined == nil: asksForDump = true
    default: return false
    }
    return true
  }

  private mutating func value(of name: String, _ joined: String?) throws -> String {
    guard let value = joined ?? words.popFirst(), !value.isEmpty else {
      throw CLIError.usage(
        "Missing value for '\(name)' (see seqtool \(command.name) --help)")
    }
    return value
  }

  /// `-q`, `-qz`, `-k3`, `-k 3`, `-k=3`.
  private mutating func scanShort(_ word: String) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      if letter == "h" { asksForAnswer = true }
      guard let option = command.settable.first(where: { $0.names.contains("-\(letter)") }) else {
        return
      }
      note(option, joined: option.kind == .flag || letters.isEmpty ? nil : String(letters))
      if option.kind != .flag { return }
    }
  }

  private mutating func note(_ option: OptionDeclaration, joined: String?) {
    guard option.kind != .flag else {
      given[option.key] = .flag(true)
      return
    }
    guard let text = joined ?? nextValue() else { return }
    if option.isRepeating, case .texts(let before)? = given[option.key] {
      given[option.key] = .texts(before + [text])
    } else {
      given[option.key] = .texts([text])
    }
  }

  /// The word behind an option, where it is a value.
  private mutating func nextValue() -> String? {
    guard let next = words.first, !next.hasPrefix("-") || next == "-" else { return nil }
    words.removeFirst()
    rest.append(next)
    return next
  }
}
