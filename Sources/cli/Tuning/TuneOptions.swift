import ArgumentParser
import Pipeline
import Seq

/// From a search space's names to the words of the command that is tuned.
struct TuneOptions {
  private let command: CommandDeclaration
  private let invertible: Set<String>

  /// - Throws: where the command is not known, which would be a fault of this program.
  init(of command: [String]) throws {
    let name = command.joined(separator: " ")
    guard let declaration = try CommandCatalog().command(named: name) else {
      throw CLIError.usage("there is no command called \(name)")
    }
    self.command = declaration
    invertible = declaration.invertibleFlags
  }

  /// What a search may choose: what the network is and how it learns.
  private var names: [String] {
    let sections: Set<String?> = ["Network", "Learning", "Recurrent layers", "Augmentation"]
    return command.settable.filter { sections.contains($0.section) }.map(\.key)
  }

  /// The members of a space with the options' own names: `learning_rate` is `learning-rate`.
  /// - Throws: `CLIError.usage` for a name that is no option of network or learning.
  func normalized(_ space: JSONObject, origin: String) throws -> JSONObject {
    var result = JSONObject()
    for member in space.members {
      let key = String(member.key.map { $0 == "_" ? "-" : $0 })
      guard names.contains(key) else {
        throw CLIError.usage(
          "\(origin): \"\(Escaping.printable(member.key))\" is no option of "
            + "\(command.name) that can be tuned " + Nearest.hint(for: key, among: names))
      }
      guard result[key] == nil else {
        throw CLIError.usage("\(origin): \"\(key)\" stands twice")
      }
      result[key] = member.value
    }
    return result
  }

  /// The words for the parser.
  /// - Throws: `CLIError.usage` where an option cannot have such a value.
  func arguments(_ options: JSONObject) throws -> [String] {
    try options.members.flatMap { member in
      guard let option = command.option(member.key) else { return [String]() }
      return try Setting(option, member.value, origin: "the search space")
        .arguments(option, isInvertible: invertible.contains(option.key))
    }
  }

  /// The command with these words, which come out of a search space.
  /// - Throws: `CLIError.usage`.
  static func parse<Command: ParsableCommand>(
    _ command: Command.Type, _ words: [String]
  ) throws -> Command {
    do {
      return try command.parse(words)
    } catch {
      throw CLIError.usage("the search space: \(command.message(for: error))")
    }
  }

  /// A configuration file with these options, which `--config` takes.
  func configuration(_ options: JSONObject) -> String {
    ConfigurationFile.text(of: command.name, options)
  }
}
