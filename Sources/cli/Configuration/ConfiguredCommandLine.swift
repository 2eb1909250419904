import ArgumentParser
import Pipeline

/// The command line with what `--set`, `SEQTOOL_*` and `--config` add to it.
///
/// The nearer word wins: flags, then `--set`, the environment, the file, the defaults. What is not
/// on the line is put in front of it, in the parser's own words; so one mechanism serves every
/// command, and every value is judged where it would be judged on the line.
struct ConfiguredCommandLine {
  /// The words for the parser.
  private(set) var arguments: [String]
  private var command: CommandDeclaration?
  private var scan: CommandLineScan?
  private var invertible: Set<String> = []
  /// What was put in front, sorted by key.
  private var settings: [Setting] = []

  /// - Throws: `CLIError.usage` for unknown keys and values of a wrong kind, and what reading the
  ///   file throws.
  init(_ words: [String], environment: EnvironmentVariables = EnvironmentVariables()) throws {
    arguments = words
    let names = ["--config", "--set", "--dump-config"]
    let isAsked = words.contains { word in
      names.contains { word == $0 || word.hasPrefix($0 + "=") }
    }
    // Nothing is looked up for a line that is not configured: most are not.
    guard isAsked || !environment.isEmpty else { return }
    let catalog = try CommandCatalog()
    guard let command = catalog.command(in: words) else { return }
    invertible = command.invertibleFlags
    let scan = try CommandLineScan(
      words.dropFirst(command.path.count), of: command, invertible: invertible)
    guard !scan.asksForAnswer else { return }
    self.command = command
    self.scan = scan
    let merged = try Self.merge(scan, environment, command, catalog)
    settings = merged.filter { scan.given[$0.key] == nil }
    let added = settings.flatMap { [invertible] setting -> [String] in
      guard let option = command.option(setting.key) else { return [] }
      return setting.arguments(option, isInvertible: invertible.contains(option.key))
    }
    arguments = command.path + added + scan.rest
  }

  /// The settings of all layers, each key once, sorted by key.
  private static func merge(
    _ scan: CommandLineScan, _ environment: EnvironmentVariables, _ command: CommandDeclaration,
    _ catalog: CommandCatalog
  ) throws -> [Setting] {
    var layers: [Setting] = []
    if let path = scan.configurationFile ?? environment.configurationFile {
      layers += try ConfigurationFile(path: path).settings(for: command, in: catalog)
    }
    layers += try environment.settings(for: command, in: catalog)
    layers += try settings(scan.settings, command)
    var merged: [String: Setting] = [:]
    for setting in layers { merged[setting.key] = setting }
    return merged.values.sorted { $0.key < $1.key }
  }

  /// The texts of `--set`; of an option that may be repeated, all of them count.
  private static func settings(
    _ texts: [String], _ command: CommandDeclaration
  ) throws -> [Setting] {
    var settings: [Setting] = []
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let key = String(parts[0])
      guard parts.count == 2 else {
        throw CLIError.usage(
          "--set \(Escaping.printable(text)): there is no value (write key=value)")
      }
      guard let option = command.option(key) else {
        throw CLIError.usage(
          "--set: unknown option \"\(Escaping.printable(key))\" "
            + Nearest.hint(for: key, among: command.settable.map(\.key)))
      }
      var setting = try Setting(option, text: String(parts[1]), origin: "--set")
      if option.isRepeating, let index = settings.firstIndex(where: { $0.key == key }),
        case .texts(let before) = settings[index].value, case .texts(let new) = setting.value
      {
        setting.value = .texts(before + new)
        settings.remove(at: index)
      }
      settings.append(setting)
    }
    return settings
  }

  /// The merged options as JSON, where they are asked for.
  /// - Throws: what the parser throws for a wrong value; a missing argument is none.
  func dump() throws -> String? {
    guard let command, let scan, scan.asksForDump else { return nil }
    do {
      _ = try parse()
    } catch {
      guard Self.isForWantOfAnArgument(error) else { throw error }
    }
    let set = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0.value) })
    let members = command.settable.compactMap { option -> (String, JSONValue)? in
      let value = scan.given[option.key] ?? set[option.key] ?? defaultValue(of: option)
      return value.map { (option.key, Setting.json($0, isRepeating: option.isRepeating)) }
    }
    return ConfigurationFile.text(of: command.name, JSONObject(members))
  }

  /// What has no default, and a flag with a `--no-` form, is chosen later by the command.
  private func defaultValue(of option: OptionDeclaration) -> Setting.Value? {
    if option.kind == .flag { return invertible.contains(option.key) ? nil : .flag(false) }
    return option.defaultValue.map { .texts([$0]) }
  }

  /// The command, ready to run.
  /// - Throws: the parser's errors; those about a value that is not on the line name its origin.
  func parse() throws -> any ParsableCommand {
    if let command = parsedAlone() { return command }
    do {
      return try SeqtoolCommand.parseAsRoot(arguments)
    } catch {
      throw explain(error)
    }
  }

  /// The command that the first words name, parsed without those above it, which have no options but
  /// would take a sixteenth of the time of a short run. `nil` where it cannot be: errors, help and the
  /// version are the root's to tell.
  private func parsedAlone() -> (any ParsableCommand)? {
    var type: any ParsableCommand.Type = SeqtoolCommand.self
    var rest = arguments[...]
    while let name = rest.first,
      let next = type.configuration.subcommands.first(where: {
        $0.configuration.commandName == name
      })
    {
      type = next
      rest = rest.dropFirst()
    }
    guard type.configuration.subcommands.isEmpty else { return nil }
    return try? type.parse(Array(rest))
  }

  private func explain(_ error: any Error) -> any Error {
    guard let command, !SeqtoolCommand.exitCode(for: error).isSuccess else { return error }
    let message = SeqtoolCommand.message(for: error)
    let words = message.split { !($0.isLetter || $0.isNumber || $0 == "-") }
    let origins = settings.filter { setting in
      words.contains { $0 == (command.option(setting.key)?.preferredName ?? "")[...] }
    }.map(\.origin)
    guard !origins.isEmpty, !Self.isForWantOfAnArgument(error) else { return error }
    return CLIError.usage(
      "\(origins.joined(separator: ", ")): \(message) (see seqtool \(command.name) --help)")
  }

  private static func isForWantOfAnArgument(_ error: any Error) -> Bool {
    SeqtoolCommand.message(for: error).hasPrefix("Missing expected argument")
  }
}
