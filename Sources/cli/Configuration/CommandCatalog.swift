import ArgumentParser
import Pipeline

/// All commands with their arguments, taken from the declarations themselves, so that nothing has
/// to be listed twice.
struct CommandCatalog {
  let summary: String
  let discussion: String
  /// Those that can be run, in the order of their declaration.
  let commands: [CommandDeclaration]

  /// - Throws: `PipelineError.malformedJSON`, which would be a broken parser library.
  init() throws {
    let description = try JSONParser.parse(
      SeqtoolCommand._dumpHelp().utf8, maximumSize: 1 << 26)
    let root = description["command"] ?? [:]
    summary = root["abstract"]?.stringValue ?? ""
    discussion = root["discussion"]?.stringValue ?? ""
    commands = Self.leaves(of: root, path: [])
  }

  private static func leaves(of command: JSONValue, path: [String]) -> [CommandDeclaration] {
    let children = command["subcommands"]?.arrayValue ?? []
    guard children.isEmpty else {
      return children.flatMap { child -> [CommandDeclaration] in
        guard let name = child["commandName"]?.stringValue, name != "help" else { return [] }
        return leaves(of: child, path: path + [name])
      }
    }
    return [
      CommandDeclaration(
        path: path, summary: command["abstract"]?.stringValue ?? "",
        discussion: command["discussion"]?.stringValue ?? "",
        arguments: (command["arguments"]?.arrayValue ?? []).compactMap(OptionDeclaration.init),
        isShown: command["shouldDisplay"]?.boolValue ?? true)
    ]
  }

  /// The command that a line begins with.
  func command(in arguments: [String]) -> CommandDeclaration? {
    commands.first { arguments.starts(with: $0.path) }
  }

  /// The command of that name, as a configuration file has it.
  func command(named name: String) -> CommandDeclaration? { commands.first { $0.name == name } }

  /// The keys of all commands, sorted.
  var keys: [String] { Set(commands.flatMap { $0.settable.map(\.key) }).sorted() }
}
