@preconcurrency import Glibc
import Pipeline

/// The options that the environment sets: `SEQTOOL_THREADS=2`.
struct EnvironmentVariables {
  /// Names with our prefix that are read by tests and builds, and are no options.
  static let reserved: Set<String> = [
    "SEQTOOL_BINARY", "SEQTOOL_DATA", "SEQTOOL_LONG_TESTS", "SEQTOOL_PARITY",
  ]
  /// Stands for `--config`.
  static let configuration = "SEQTOOL_CONFIG"

  /// Names and values, sorted by name, the reserved ones left out.
  private(set) var variables: [(name: String, value: String)] = []

  /// Looks through the environment of the process.
  init() {
    var next = environ
    while let entry = next.pointee {
      next += 1
      // Most entries are not ours, and are passed over without a string being made.
      guard strncmp(entry, OptionDeclaration.variablePrefix, 8) == 0 else { continue }
      let parts = String(cString: entry).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard parts.count == 2, !Self.reserved.contains(name) else { continue }
      variables.append((name, String(parts[1])))
    }
    variables.sort { $0.name < $1.name }
  }

  var isEmpty: Bool { variables.isEmpty }

  /// The file that the environment names.
  var configurationFile: String? { variables.first { $0.name == Self.configuration }?.value }

  /// What the environment says for a command; options of other commands are passed over.
  /// - Throws: `CLIError.usage` for a name that no command knows.
  func settings(for command: CommandDeclaration, in catalog: CommandCatalog) throws -> [Setting] {
    let known = Set(catalog.commands.flatMap { $0.settable.map(\.variable) })
    return try variables.compactMap { name, value in
      guard name != Self.configuration else { return nil }
      guard known.contains(name) else {
        let nearest = Nearest.name(to: name, among: known.sorted())
        throw CLIError.usage(
          "unknown variable \"\(Escaping.printable(name))\" "
            + (nearest.map { "(did you mean \"\($0)\"?)" }
              ?? "(a variable is an option's long name, such as SEQTOOL_THREADS)"))
      }
      guard let option = command.settable.first(where: { $0.variable == name }) else { return nil }
      return try Setting(option, text: value, origin: name)
    }
  }
}
