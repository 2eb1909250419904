import Pipeline

/// A configuration file: options for all commands, and a section for each command that needs
/// others: `{"threads": 2, "classify": {"k": 3}, "train classify": {"hidden": 64}}`. JSON, or YAML
/// where the file's name ends so.
struct ConfigurationFile {
  struct Entry {
    /// The command that it is for; nothing where it is for all that have such an option.
    var section: String?
    var key: String
    var value: JSONValue
    var line: Int
  }

  /// The largest file that is read.
  static let maximumSize = 1 << 20

  let path: String
  /// The lines of the sections, to be checked even where they are empty.
  private(set) var sections: [(name: String, line: Int)] = []
  private(set) var entries: [Entry] = []

  /// - Throws: `PipelineError.cannotOpen`, `.cannotRead`; `CLIError.badData` or `PipelineError` for
  ///   malformed text.
  init(path: String) throws {
    self.path = path
    let (value, line) = try Self.read(path)
    try take(value, lines: line)
  }

  /// The value of a file, JSON or YAML by its name, and on which line a key stands.
  static func read(_ path: String) throws -> (value: JSONValue, line: ([String]) -> Int) {
    let bytes = try FileBytes.read(path, maximumSize: maximumSize)
    if path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
      let yaml = try KeyedYAML(bytes, name: path)
      return (yaml.value, yaml.line)
    }
    return (try parse(json: bytes, path), try JSONKeyLines(bytes).line)
  }

  /// The text of a file with options for one command, as `--dump-config` writes it.
  static func text(of command: String, _ options: JSONObject) -> String {
    let rows = options.members.map {
      "    \(JSONValue.string($0.key).text()): \($0.value.text())"
    }
    let body = rows.isEmpty ? "{}" : "{\n" + rows.joined(separator: ",\n") + "\n  }"
    return "{\n  \(JSONValue.string(command).text()): \(body)\n}\n"
  }

  private static func parse(json bytes: [UInt8], _ path: String) throws -> JSONValue {
    do {
      return try JSONParser.parse(bytes, maximumSize: maximumSize)
    } catch PipelineError.malformedJSON(let offset, let problem) {
      let before = bytes.prefix(offset)
      let line = 1 + before.count { $0 == 0x0A }
      let column = 1 + before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)
      throw CLIError.badData("\(Escaping.printable(path)):\(line):\(column): \(problem)")
    }
  }

  /// Takes the entries out of what either syntax gave.
  private mutating func take(_ root: JSONValue, lines: ([String]) -> Int) throws {
    guard let object = root.objectValue else {
      throw CLIError.badData("\(place(1)): not an object (write option: value, as in JSON)")
    }
    for member in object.members {
      let line = lines([member.key])
      guard let section = member.value.objectValue else {
        entries.append(Entry(key: member.key, value: member.value, line: line))
        continue
      }
      sections.append((member.key, line))
      for inner in section.members {
        entries.append(
          Entry(
            section: member.key, key: inner.key, value: inner.value,
            line: lines([member.key, inner.key])))
      }
    }
  }

  /// What the file says for a command; its own section overrules what is for all.
  /// - Throws: `CLIError.usage` for an unknown section or key, in other commands' sections too, and
  ///   for what would run code from outside or allow it: a file cannot.
  func settings(for command: CommandDeclaration, in catalog: CommandCatalog) throws -> [Setting] {
    for section in sections where catalog.command(named: section.name) == nil {
      let known = catalog.commands.filter(\.isShown).map(\.name)
      throw unknown("command", section.name, section.line, among: known)
    }
    var shared: [Setting] = []
    var own: [Setting] = []
    for entry in entries {
      let owner = entry.section.flatMap { catalog.command(named: $0) }
      let known = owner.map { $0.settable.map(\.key) } ?? catalog.keys
      guard known.contains(entry.key) else {
        throw unknown("option", entry.key, entry.line, among: known)
      }
      guard !ExternalCodeOptions.keys.contains(entry.key) else {
        throw CLIError.usage(
          "\(place(entry.line)): a file cannot set \"\(entry.key)\" (type --\(entry.key))")
      }
      guard owner == nil || owner?.path == command.path, let option = command.option(entry.key)
      else { continue }
      let setting = try Setting(option, entry.value, origin: place(entry.line))
      guard try !Self.namesCode(setting) else {
        throw CLIError.usage(
          "\(place(entry.line)): a configuration file cannot name a program or a library as a stage "
            + "(type --stage, or use a pipeline file with --allow-exec or --allow-library)")
      }
      if owner == nil { shared.append(setting) } else { own.append(setting) }
    }
    return shared + own
  }

  /// Whether a setting is a stage whose code comes from outside. A text that is no stage at all is
  /// refused where the stage would be made.
  private static func namesCode(_ setting: Setting) throws -> Bool {
    guard setting.key == "stage", case .texts(let texts) = setting.value else { return false }
    let registry = try BuiltIn.registry()
    return texts.contains { text in
      var plan = PipelinePlan()
      try? plan.append(stage: text, place: setting.origin)
      return plan.steps.contains {
        (try? registry.resolve($0.stage))?.descriptor.isExternal ?? false
      }
    }
  }

  private func place(_ line: Int) -> String { "\(Escaping.printable(path)):\(line)" }

  private func unknown(
    _ what: String, _ name: String, _ line: Int, among known: [String]
  ) -> CLIError {
    .usage(
      "\(place(line)): unknown \(what) \"\(Escaping.printable(name))\" "
        + Nearest.hint(for: name, among: known))
  }
}
