import Pipeline

/// The manual page in roff (man(7)), put together from the declarations of the commands.
struct ManualPage {
  private let catalog: CommandCatalog
  private let version: String

  init(_ catalog: CommandCatalog, version: String) {
    self.catalog = catalog
    self.version = version
  }

  /// The page.
  var text: String {
    var lines = [".TH SEQTOOL 1 \"\" \"seqtool \(version)\" \"User Commands\""]
    lines += [".SH NAME", "seqtool \\- " + Self.escaped(catalog.summary)]
    lines += [
      ".SH SYNOPSIS", ".B seqtool", ".I command", "[\\fIoption\\fR ...] [\\fIfile\\fR ...]",
    ]
    lines += [".SH DESCRIPTION"] + Self.paragraphs(catalog.discussion)
    lines.append(".SH COMMANDS")
    let shared = sharedOptions
    for command in catalog.commands where command.isShown {
      lines += section(of: command, without: Set(shared.map(\.key)))
    }
    lines.append(".SH OPTIONS OF EVERY COMMAND")
    for option in shared { lines += Self.row(of: option, isInvertible: false) }
    lines.append(".SH ENVIRONMENT")
    lines += Self.paragraphs(
      "SEQTOOL_ and an option's long name in capitals, dashes as underscores, sets that option for "
        + "every command that has it: SEQTOOL_THREADS=2, SEQTOOL_QUIET=true. SEQTOOL_CONFIG names "
        + "the file of --config. Options on the command line win over --set, --set over the "
        + "environment, the environment over the file, and the file over the defaults.")
    lines.append(".SH EXIT STATUS")
    for (code, meaning) in Self.statuses {
      lines += [".TP", ".B \(code)", Self.escaped(meaning)]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What all commands declare alike.
  private var sharedOptions: [OptionDeclaration] {
    let shown = catalog.commands.filter(\.isShown)
    return (shown.first?.arguments ?? []).filter { option in
      option.kind != .positional
        && shown.allSatisfy { command in
          command.arguments.contains { $0.key == option.key && $0.summary == option.summary }
        }
    }
  }

  private func section(of command: CommandDeclaration, without shared: Set<String>) -> [String] {
    let options = command.arguments.filter {
      $0.kind != .positional && $0.isShown && !shared.contains($0.key)
    }
    let positional = command.arguments.filter { $0.kind == .positional && $0.isShown }
    var synopsis = "seqtool \(command.name)" + (options.isEmpty ? "" : " [option ...]")
    for argument in positional {
      let word = argument.valueName + (argument.isRepeating ? " ..." : "")
      synopsis += argument.isRequired ? " \(word)" : " [\(word)]"
    }
    var lines = [".SS " + Self.escaped(synopsis)] + Self.paragraphs(command.summary)
    lines += Self.paragraphs(command.discussion)
    let (invertible, negations) = (command.invertibleFlags, command.negations)
    for option in positional + options where !negations.contains(option.key) {
      lines += Self.row(of: option, isInvertible: invertible.contains(option.key))
    }
    return lines
  }

  private static func row(of option: OptionDeclaration, isInvertible: Bool) -> [String] {
    let names = option.names + (isInvertible ? ["--no-\(option.key)"] : [])
    let bold = names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
    let value = option.kind == .flag ? "" : "\\fI\(escaped(option.valueName))\\fR"
    var facts = option.choices.isEmpty ? [] : [option.choices.joined(separator: ", ")]
    if let text = option.defaultValue { facts.append("default: \(text)") }
    let note = facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))"
    return [".TP", [bold, value].filter { !$0.isEmpty }.joined(separator: " ")]
      + [escaped(option.summary + note)]
  }

  /// Text as paragraphs; indented lines are examples, which keep their line ends.
  private static func paragraphs(_ text: String) -> [String] {
    var lines: [String] = []
    var isExample = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("  ") != isExample && !line.isEmpty {
        isExample.toggle()
        lines.append(isExample ? ".PP\n.RS\n.nf" : ".fi\n.RE")
      }
      if !line.isEmpty {
        lines.append(escaped(String(line.drop { $0 == " " })))
      } else if !isExample {
        lines.append(".PP")
      }
    }
    if isExample { lines.append(".fi\n.RE") }
    return [".PP"] + lines
  }

  /// Text that roff takes for nothing but text.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") ? "\\&" + result : result
  }

  private static let statuses: [(Int32, String)] = [
    (ExitStatus.ok.rawValue, "Done."),
    (ExitStatus.negative.rawValue, "A valid run with a negative answer: --fail-under was missed."),
    (ExitStatus.usage.rawValue, "Wrong usage."),
    (ExitStatus.badData.rawValue, "Bad data, or a bad model file."),
    (ExitStatus.noInput.rawValue, "No such input."),
    (ExitStatus.pluginFailed.rawValue, "A plugin failed."),
    (ExitStatus.internalError.rawValue, "An internal error, or numbers that are not finite."),
    (ExitStatus.cannotCreate.rawValue, "The output cannot be created."),
    (ExitStatus.inputOutput.rawValue, "Reading or writing failed."),
    (ExitStatus.tryAgain.rawValue, "Somebody else is at it: try again later."),
    (ExitStatus.outputClosed.rawValue, "Standard output was closed early; nothing is said."),
  ]
}
