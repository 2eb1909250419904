import Pipeline

/// A command that can be run, with its arguments.
struct CommandDeclaration {
  /// `["train", "classify"]`.
  let path: [String]
  let summary: String
  let discussion: String
  let arguments: [OptionDeclaration]
  let isShown: Bool

  /// `train classify`: how a configuration file names it.
  var name: String { path.joined(separator: " ") }

  /// What a configuration can set: everything with a name but what asks for an answer.
  var settable: [OptionDeclaration] {
    let negations = negations
    return arguments.filter {
      $0.kind != .positional && $0.section != ConfigurationOptions.title
        && !["help", "version", "set", "dump-config"].contains($0.key)
        && !negations.contains($0.key)
    }
  }

  /// The declaration of a key.
  func option(_ key: String) -> OptionDeclaration? { settable.first { $0.key == key } }

  /// Whether the command gives this name a meaning of its own.
  func declares(_ name: String) -> Bool {
    arguments.contains {
      $0.section != ConfigurationOptions.title && $0.names.contains(name)
    }
  }

  /// The flags that have a `--no-` form, by key.
  var invertibleFlags: Set<String> { Set(negations.map { String($0.dropFirst(3)) }) }

  /// The keys of the `--no-` forms, which the declarations list as flags of their own.
  var negations: Set<String> {
    let flags = Set(arguments.filter { $0.kind == .flag }.map(\.key))
    return flags.filter { $0.hasPrefix("no-") && flags.contains(String($0.dropFirst(3))) }
  }
}
